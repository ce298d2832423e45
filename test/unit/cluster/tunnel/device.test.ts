import { describe, expect, test } from "bun:test";
import { keyOf } from "../../../../cluster/security/key.ts";
import { DEVICE, TunnelDevice } from "../../../../cluster/tunnel/device.ts";
import { InnerAddresses } from "../../../../cluster/tunnel/inner-addresses.ts";
import { privateKeyOf, publicKeyOf, toPublicKey } from "../../../../cluster/tunnel/keys.ts";
import type { Wireguard } from "../../../../system/kernel/kernel.ts";
import { SyscallError } from "../../../../system/kernel/syscall-error.ts";
import { FakeNetwork } from "../../../lib/fake-kernel.ts";

const KEY = keyOf("a secret");
const addresses = new InnerAddresses(KEY);
const ADDRESS = "10.0.0.1";
const NONE = new Uint8Array(32);

/** A kernel with a WireGuard device, or none while `publicKey` is absent. */
function createDevice({ publicKey = undefined as Uint8Array | undefined, peers = [] as Uint8Array[] } = {}) {
  const calls: string[] = [];
  const network = new FakeNetwork((call) => void (call !== "links" && calls.push(call)));
  let key = publicKey;
  const link = { index: 7, name: DEVICE, type: 65_534, address: NONE, up: false, carrier: false, mtu: 1_420 };
  if (key) network.current = [link];
  const addLink = network.addLink;
  network.addLink = (made) => {
    addLink(made);
    if (key) throw new SyscallError("netlink", 17, { doing: "make it", meaning: "File exists" });
    key = NONE;
    network.current = [link];
  };
  const wireguard: Wireguard = {
    readWireguard: () => ({ publicKey: key ?? NONE, peers }),
    setUpWireguard: (name, own) => {
      key = toPublicKey(own.privateKey);
      calls.push(`set up ${name} on ${own.port}`);
    },
    addPeer: (_, { publicKey: peer, endpoint, inner }) =>
      calls.push(`peer ${peer.toHex()} at ${endpoint.address}:${endpoint.port} is ${inner}`),
    removePeer: (_, peer) => calls.push(`no peer ${peer.toHex()}`),
    keepForRoot: (net, prefix) => calls.push(`keep ${net}/${prefix} for root`),
  };
  const kernel = { ...wireguard, ...bound(network) };
  return { device: new TunnelDevice({ key: KEY, address: ADDRESS, addresses, kernel }), calls };
}

/** Methods that stand on the prototype come along. */
function bound(network: FakeNetwork) {
  const { setLink, addLink, addAddress, removeAddress, addRoute } = network;
  return { links: () => network.links(), setLink, addLink, addAddress, removeAddress, addRoute };
}

const OWN_PUBLIC = publicKeyOf(KEY, ADDRESS);

describe("the device", () => {
  test("the own address is there before it, and only root reaches the others", () => {
    const { device, calls } = createDevice();
    device.openAddress();
    expect(calls).toEqual([`add ${addresses.of(ADDRESS)}/128 to 1`, `keep ${addresses.network}/64 for root`]);
    expect(device.peersLeft()).toEqual([]);
  });

  test("is made, given its key, and led into", () => {
    const { device, calls } = createDevice();
    device.open();
    expect(calls).toEqual([
      `make wireguard ${DEVICE}`,
      `set up ${DEVICE} on 5433`,
      "set link 7 up mtu 1440",
      `add route ${addresses.network}/64 on 7 metric undefined`,
    ]);
  });

  test("of an earlier run keeps its peers where it has the same key", () => {
    const peers = [publicKeyOf(KEY, "10.0.0.2")];
    const { device, calls } = createDevice({ publicKey: OWN_PUBLIC, peers });
    expect(device.peersLeft()).toEqual(peers);
    device.open();
    expect(calls).not.toContain(`set up ${DEVICE} on 5433`);
  });

  test("of an earlier address gets a new key, which forgets the peers", () => {
    const peers = [publicKeyOf(KEY, "10.0.0.2")];
    const publicKey = toPublicKey(privateKeyOf(KEY, "10.0.0.9"));
    const { device, calls } = createDevice({ publicKey, peers });
    expect(device.peersLeft()).toEqual([]);
    device.open();
    expect(calls).toContain(`set up ${DEVICE} on 5433`);
  });

  test("knows a peer by its key, its LAN address and its inner address alone", () => {
    const { device, calls } = createDevice();
    device.add("10.0.0.2");
    device.remove(publicKeyOf(KEY, "10.0.0.2"));
    const key = publicKeyOf(KEY, "10.0.0.2").toHex();
    expect(calls).toEqual([`peer ${key} at 10.0.0.2:5433 is ${addresses.of("10.0.0.2")}`, `no peer ${key}`]);
  });
});
