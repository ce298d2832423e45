import { afterEach, describe, expect, test } from "bun:test";
import { type ClusterKey, keyOf } from "../../../../cluster/security/key.ts";
import type { TunnelKernel } from "../../../../cluster/tunnel/device.ts";
import { InnerAddresses } from "../../../../cluster/tunnel/inner-addresses.ts";
import { publicKeyOf } from "../../../../cluster/tunnel/keys.ts";
import { openReach, type Reach } from "../../../../cluster/tunnel/reach.ts";
import { FakeLog } from "../../../lib/fake-kernel.ts";
import { freePort } from "../../../lib/port.ts";

const KEY = keyOf("a secret");
const open: Reach[] = [];
afterEach(async () => {
  for (const reach of open.splice(0)) await reach.close();
});

/** A kernel that keeps in mind the peers of its one device. */
function createKernel() {
  const peers = new Set<string>();
  const kernel: TunnelKernel = {
    links: () => [],
    setLink: () => {},
    addLink: () => {},
    addAddress: () => {},
    removeAddress: () => {},
    addRoute: () => {},
    readWireguard: () => ({ publicKey: new Uint8Array(32), peers: [] }),
    setUpWireguard: () => {},
    addPeer: (_, { publicKey }) => void peers.add(publicKey.toHex()),
    removePeer: () => {},
    keepForRoot: () => {},
  };
  return { kernel, peers };
}

async function node(address: string, doorPort: number, key: ClusterKey | undefined = KEY) {
  const { kernel, peers } = createKernel();
  const reach = openReach({ address, key, kernel, doorPort, log: new FakeLog() });
  await reach.openDoor();
  open.push(reach);
  return { reach, peers };
}

describe("with a key", () => {
  test("a node reaches another by its inner address, and each is the other's peer", async () => {
    const port = freePort();
    const one = await node("127.0.0.1", port);
    const two = await node("127.0.0.2", port);
    expect(await one.reach.to("127.0.0.2")).toBe(two.reach.own);
    expect([...one.peers]).toEqual([publicKeyOf(KEY, "127.0.0.2").toHex()]);
    expect([...two.peers]).toEqual([publicKeyOf(KEY, "127.0.0.1").toHex()]);
    expect(two.reach.from(one.reach.own)).toBe("127.0.0.1");
  });

  test("a node with another key is not reached, and becomes no peer", async () => {
    const port = freePort();
    const one = await node("127.0.0.1", port);
    const stranger = await node("127.0.0.2", port, keyOf("another"));
    await expect(one.reach.to("127.0.0.2")).rejects.toThrow("Cannot reach 127.0.0.2: ");
    expect([one.peers.size, stranger.peers.size]).toEqual([0, 0]);
  });

  test("a node that has restarted is asked again", async () => {
    const port = freePort();
    const one = await node("127.0.0.1", port);
    const before = await node("127.0.0.2", port);
    await one.reach.to("127.0.0.2");
    await open.pop()?.close();
    const after = await node("127.0.0.2", port);
    await one.reach.to("127.0.0.2");
    expect(before.peers).toEqual(after.peers);
  });

  test("no connection of a stranger, or of this node to itself, is a node's", async () => {
    const { reach } = await node("127.0.0.1", freePort());
    const strange = new InnerAddresses(keyOf("another")).of("127.0.0.2");
    for (const remote of ["127.0.0.2", "::ffff:127.0.0.2", "::1", strange, reach.own, "", "fe80::1%eth0"])
      expect(reach.from(remote)).toBeUndefined();
  });

  test("a node does not reach itself", async () => {
    const { reach } = await node("127.0.0.1", freePort());
    await expect(reach.to("127.0.0.1")).rejects.toThrow(
      "Cannot reach 127.0.0.1: it is this node's own address",
    );
  });
});

describe("without a key", () => {
  async function openNode(address: string, doorPort: number): Promise<Reach> {
    const reach = openReach({ address, key: undefined, doorPort, log: new FakeLog() });
    open.push(reach);
    await reach.openDoor();
    return reach;
  }

  test("nodes are reached as they are, once their services answer", async () => {
    const port = freePort();
    const reach = await openNode("127.0.0.1", port);
    await expect(reach.to("127.0.0.2")).rejects.toThrow("Cannot reach 127.0.0.2: it takes no part in moves");
    await openNode("127.0.0.2", port);
    expect(reach.own).toBe("127.0.0.1");
    expect(await reach.to("127.0.0.2")).toBe("127.0.0.2");
    expect(reach.from("10.0.0.2")).toBe("10.0.0.2");
    expect(reach.from("::ffff:10.0.0.2")).toBe("10.0.0.2");
  });

  test("no node of a cluster with a key is reached, nor reaches one", async () => {
    const port = freePort();
    const reach = await openNode("127.0.0.1", port);
    const { reach: keyed } = await node("127.0.0.2", port);
    await expect(reach.to("127.0.0.2")).rejects.toThrow("Cannot reach 127.0.0.2: the other end hung up");
    await expect(keyed.to("127.0.0.1")).rejects.toThrow("Cannot reach 127.0.0.1: the other end hung up");
  });
});
