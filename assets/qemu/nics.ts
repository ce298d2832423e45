/** NICs of a virtual machine, and the networks that they are plugged into. */

/** The NICs that the node is tested with, by QEMU's device names. */
export const NIC_MODELS = [
  "e1000",
  "e1000e",
  "rtl8139",
  "pcnet",
  "ne2k_pci",
  "i82551",
  "tulip",
  "vmxnet3",
  "virtio-net-pci",
  "usb-net",
] as const;

/** Beside them, the NIC of a microvm. */
export type NicModel = (typeof NIC_MODELS)[number] | "virtio-net-device";

export interface Nic {
  readonly model: NicModel;
  /** The network of the NIC; default QEMU's own (10.0.2.0/24, with a DHCP server). */
  readonly network?: NicNetwork;
  /** Hardware address; default QEMU's own for that NIC. Two machines on one network need two addresses. */
  readonly mac?: string;
  /** Whether the NIC has carrier when the machine starts; default true. */
  readonly carrier?: boolean;
}

export type NicNetwork =
  /** QEMU's own network, default 10.0.2.0/24. Forwarded ports of this machine are ports of 127.0.0.1. */
  | { readonly kind: "user"; readonly subnet?: string; readonly forward?: Forward | readonly Forward[] }
  /** A link with carrier and no other machine. */
  | { readonly kind: "nobody" }
  /** A listening unix stream socket; a length of four bytes precedes each frame. */
  | { readonly kind: "socket"; readonly path: string; readonly forward?: NodeForwards };

/** Ports of this machine that lead to one node of a wire, through a user network of QEMU on that wire. */
export interface NodeForwards {
  readonly ports: readonly Forward[];
  /** The address of the node. */
  readonly node: string;
  /** The address of the user network on the wire; the network is its /24. */
  readonly gateway: string;
}

/** A TCP port of this machine that leads to a TCP port of the node. */
export interface Forward {
  readonly from: number;
  readonly to: number;
}

/** QEMU's arguments for the NICs, in order; QMP names them `nic0`, `nic1`… */
export function nicArguments(nics: readonly Nic[]): string[] {
  return nics.flatMap((nic, index) => [
    "-netdev",
    netdev(nic.network ?? { kind: "user" }, index),
    "-device",
    device(nic, index),
    ...forwardArguments(nic.network, index),
  ]);
}

/** The hardware address of QEMU's user network with an address on the wire (libslirp, `special_ethaddr`). */
export function userNetworkMac(gateway: string): string {
  const bytes = gateway.split(".").map((byte) => Number(byte).toString(16).padStart(2, "0"));
  return ["52", "55", ...bytes].join(":");
}

/** The hardware address that QEMU itself would give the NIC at an index. */
export function nicMac(index: number): string {
  return `52:54:00:12:34:${(0x56 + index).toString(16).padStart(2, "0")}`;
}

function netdev(network: NicNetwork, index: number): string {
  if (network.kind === "user") {
    const rules = [network.forward ?? []].flat().map((forward) => forwardRule(forward));
    const subnet = network.subnet === undefined ? "" : `,net=${network.subnet}`;
    return `user,id=net${index}${subnet}${rules.join("")}`;
  }
  if (network.kind === "nobody") return `hubport,id=net${index},hubid=${index}`;
  return `stream,id=net${index},server=off,addr.type=unix,addr.path=${network.path}`;
}

/** A hub of QEMU joins the user network and a further end of the wire; the user network leads nowhere else. */
function forwardArguments(network: NicNetwork | undefined, index: number): string[] {
  if (network?.kind !== "socket" || network.forward === undefined) return [];
  const { ports, node, gateway } = network.forward;
  const subnet = gateway.replace(/\d+$/, "0/24");
  // QEMU answers ARP for its name server too, by default at .3, which is a node's address: qemu(1).
  const nameServer = gateway.replace(/\d+$/, (last) => String(Number(last) - 1));
  const rules = ports.map((port) => forwardRule(port, node)).join("");
  const [user, wire] = [`user${index}`, `wire${index}`];
  return [
    ...[
      "-netdev",
      `user,id=${user},net=${subnet},host=${gateway},dns=${nameServer},ipv6=off,restrict=on${rules}`,
    ],
    ...["-netdev", `stream,id=${wire},server=off,addr.type=unix,addr.path=${network.path}`],
    ...[user, wire].flatMap((end) => ["-netdev", `hubport,id=${end}hub,hubid=${index},netdev=${end}`]),
  ];
}

function forwardRule({ from, to }: Forward, node = ""): string {
  return `,hostfwd=tcp:127.0.0.1:${from}-${node}:${to}`;
}

function device({ model, mac }: Nic, index: number): string {
  const plug = `id=nic${index},netdev=net${index},mac=${mac ?? nicMac(index)}`;
  if (model === "usb-net") return `usb-net,bus=usb.0,${plug}`;
  if (model === "virtio-net-device") return `${model},${plug}`;
  // A kernel given with -kernel boots from no NIC, and the boot ROMs are in another package.
  return `${model},${plug},romfile=`;
}
