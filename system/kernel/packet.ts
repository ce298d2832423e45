/** What packet(7) sockets for DHCP replies and for ARP need: their address, and the bounds of packets. */

import type { PacketKind } from "./kernel.ts";

/** linux/if_ether.h */
const PROTOCOLS = { dhcp: 0x0800, arp: 0x0806 } as const satisfies Record<PacketKind, number>;
/** Of ARP for IPv4 over Ethernet (RFC 826); frames have padding behind it. */
export const ARP_BYTES = 28;

/** Every station of an Ethernet, as a hardware address. */
export const ETHERNET_BROADCAST = new Uint8Array(6).fill(0xff);

/** struct sockaddr_ll; packet(7). */
export function encodeLinkAddress(
  index: number,
  { kind, hardware = new Uint8Array() }: { readonly kind: PacketKind; readonly hardware?: Uint8Array },
): Uint8Array {
  const AF_PACKET = 17;
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_PACKET, true);
  view.setUint16(2, PROTOCOLS[kind], false);
  view.setInt32(4, index, true);
  bytes[11] = hardware.length;
  bytes.set(hardware, 12);
  return bytes;
}

/**
 * The packets that lie end to end in what one read gave. ARP's are all of one length, as their filter cuts them.
 * A read gathers all that has arrived, so the packets' own total length (RFC 791, section 3.1) must part them;
 * after one that has no sane length the rest is dropped, and DHCP asks again.
 */
export function* splitPackets(bytes: Uint8Array, kind: PacketKind): Generator<Uint8Array> {
  if (kind === "arp") {
    for (let at = 0; at + ARP_BYTES <= bytes.length; at += ARP_BYTES)
      yield bytes.subarray(at, at + ARP_BYTES);
    return;
  }
  for (let at = 0; at + 20 <= bytes.length; ) {
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    if (bytes[at]! >> 4 !== 4 || length < 20 || at + length > bytes.length) return;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}
