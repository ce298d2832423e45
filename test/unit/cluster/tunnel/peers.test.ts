import { afterEach, describe, expect, test } from "bun:test";
import { keyOf } from "../../../../cluster/security/key.ts";
import { publicKeyOf } from "../../../../cluster/tunnel/keys.ts";
import { Peers } from "../../../../cluster/tunnel/peers.ts";
import { FakeLog } from "../../../lib/fake-kernel.ts";

const KEY = keyOf("a secret");
const open: Peers[] = [];
afterEach(() => {
  for (const peers of open.splice(0)) peers.close();
});

function createPeers({
  left = [] as readonly string[],
  connected = [] as string[],
  fails = [] as string[],
} = {}) {
  const calls: string[] = [];
  const log = new FakeLog();
  const names = new Map(
    ["10.0.0.2", "10.0.0.3", "10.0.0.4"].map((address) => [publicKeyOf(KEY, address).toHex(), address]),
  );
  const call = (what: string) => {
    calls.push(what);
    const failure = fails.indexOf(what);
    if (failure >= 0) throw new Error(`${fails.splice(failure, 1)[0]} failed`);
  };
  const peers = new Peers({
    key: KEY,
    log,
    connected: () => new Set(connected),
    prepare: async () => call("prepare"),
    device: {
      peersLeft: () => left.map((address) => publicKeyOf(KEY, address)),
      open: () => call("open"),
      add: (address) => call(`add ${address}`),
      remove: (publicKey) => call(`remove ${names.get(publicKey.toHex())}`),
    },
  });
  open.push(peers);
  return { peers, calls, connected, log };
}

const MINUTES = 60_000;

describe("peers", () => {
  test("nothing is opened before the first", async () => {
    const { peers, calls } = createPeers();
    peers.adopt();
    expect(calls).toEqual([]);
    await Promise.all([peers.add("10.0.0.2"), peers.add("10.0.0.3")]);
    expect(calls).toEqual(["prepare", "open", "add 10.0.0.2", "add 10.0.0.3"]);
    expect(peers.addresses).toEqual(["10.0.0.2", "10.0.0.3"]);
  });

  test("a peer without a connection may have started again, so its session begins anew", async () => {
    const { peers, calls } = createPeers({ connected: ["10.0.0.3"] });
    for (const address of ["10.0.0.2", "10.0.0.3"]) await peers.add(address);
    calls.length = 0;
    for (const address of ["10.0.0.2", "10.0.0.3"]) await peers.add(address);
    expect(calls).toEqual(["remove 10.0.0.2", "add 10.0.0.2", "add 10.0.0.3"]);
    expect(peers.addresses).toEqual(["10.0.0.2", "10.0.0.3"]);
  });

  test.each(["prepare", "open"])(
    "a failure to %s is the caller's, and the next peer tries again",
    async (step) => {
      const { peers } = createPeers({ fails: [step] });
      await expect(peers.add("10.0.0.2")).rejects.toThrow(`${step} failed`);
      expect(peers.addresses).toEqual([]);
      await peers.add("10.0.0.2");
      expect(peers.addresses).toEqual(["10.0.0.2"]);
    },
  );

  test("a peer without a connection is removed after 10 minutes, and one with a connection stays", async () => {
    const { peers, calls, connected } = createPeers({ connected: ["10.0.0.3"] });
    await peers.add("10.0.0.2");
    await peers.add("10.0.0.3");
    const start = performance.now();
    peers.look(start + 9 * MINUTES);
    expect(peers.addresses).toEqual(["10.0.0.2", "10.0.0.3"]);
    peers.look(start + 11 * MINUTES);
    expect(peers.addresses).toEqual(["10.0.0.3"]);
    expect(calls.at(-1)).toBe("remove 10.0.0.2");
    connected.pop();
    peers.look(start + 20 * MINUTES);
    expect(peers.addresses).toEqual(["10.0.0.3"]);
    peers.look(start + 22 * MINUTES);
    expect(peers.addresses).toEqual([]);
  });

  test("a peer that cannot be removed is kept in mind", async () => {
    const { peers, log } = createPeers({ fails: ["remove 10.0.0.2"] });
    await peers.add("10.0.0.2");
    const later = performance.now() + 11 * MINUTES;
    peers.look(later);
    expect(log.lines).toEqual([
      "warn: Cannot remove the idle peer 10.0.0.2: remove 10.0.0.2 failed, trying again",
    ]);
    peers.look(later);
    expect(peers.addresses).toEqual([]);
  });

  test("of what an earlier run has left, peers with a connection go on and the others go", () => {
    const { peers, calls } = createPeers({
      left: ["10.0.0.2", "10.0.0.3"],
      connected: ["10.0.0.3", "10.0.0.4"],
    });
    peers.adopt();
    expect(calls).toEqual(["remove 10.0.0.2"]);
    expect(peers.addresses).toEqual(["10.0.0.3"]);
  });
});
