/** Network cards of a virtual machine, and what they are plugged into. */

/** The cards the node is tested with: QEMU's device names. */
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

export type NicModel = (typeof NIC_MODELS)[number];

export interface Nic {
  readonly model: NicModel;
  /** Where its cable goes; QEMU's own network (10.0.2.0/24, with a DHCP server) unless said otherwise. */
  readonly network?: NicNetwork;
  /** Hardware address; QEMU's own for that card unless said otherwise. Two machines on one network need two. */
  readonly mac?: string;
  /** Whether the cable is in when the machine starts; it is unless said otherwise. */
  readonly carrier?: boolean;
}

export type NicNetwork =
  /** QEMU's own, 10.0.2.0/24 unless said otherwise; ports of this machine that lead to the node's are 127.0.0.1's. */
  | { readonly kind: "user"; readonly subnet?: string; readonly forward?: Forward | readonly Forward[] }
  /** A wire with a signal and nobody at its other end. */
  | { readonly kind: "nobody" }
  /** A wire whose other end is a listening unix stream socket, frames with a length of four bytes before each. */
  | { readonly kind: "socket"; readonly path: string };

/** TCP ports: of this machine, and of the node. */
export interface Forward {
  readonly from: number;
  readonly to: number;
}

/** QEMU's arguments for the cards, in order: `nic0`, `nic1`… are their names for QMP. */
export function nicArguments(nics: readonly Nic[]): string[] {
  return nics.flatMap((nic, index) => [
    "-netdev",
    netdev(nic.network ?? { kind: "user" }, index),
    "-device",
    device(nic, index),
  ]);
}

/** The hardware address of the card at an index, as QEMU itself counts them. */
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
  // A kernel given with -kernel needs no card to boot from, and the boot ROMs are another package.
  return model === "usb-net" ? `usb-net,bus=usb.0,${plug}` : `${model},${plug},romfile=`;
}
