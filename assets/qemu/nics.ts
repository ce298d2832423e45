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
  | { readonly kind: "socket"; readonly path: string };

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
  ]);
}

/** The hardware address that QEMU itself would give the NIC at an index. */
export function nicMac(index: number): string {
  return `52:54:00:12:34:${(0x56 + index).toString(16).padStart(2, "0")}`;
}

function netdev(network: NicNetwork, index: number): string {
  if (network.kind === "user") {
    const rules = [network.forward ?? []]
      .flat()
      .map(({ from, to }) => `,hostfwd=tcp:127.0.0.1:${from}-:${to}`);
    const subnet = network.subnet === undefined ? "" : `,net=${network.subnet}`;
    return `user,id=net${index}${subnet}${rules.join("")}`;
  }
  if (network.kind === "nobody") return `hubport,id=net${index},hubid=${index}`;
  return `stream,id=net${index},server=off,addr.type=unix,addr.path=${network.path}`;
}

function device({ model, mac }: Nic, index: number): string {
  const plug = `id=nic${index},netdev=net${index},mac=${mac ?? nicMac(index)}`;
  if (model === "usb-net") return `usb-net,bus=usb.0,${plug}`;
  if (model === "virtio-net-device") return `${model},${plug}`;
  // A kernel given with -kernel boots from no NIC, and the boot ROMs are in another package.
  return `${model},${plug},romfile=`;
}
