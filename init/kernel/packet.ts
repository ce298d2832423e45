/** What packet(7) sockets for DHCP replies and for ARP need: address, filter, and the bounds of packets. */

import type { PacketKind } from "./kernel.ts";

/** linux/if_ether.h */
const PROTOCOLS = { dhcp: 0x0800, arp: 0x0806 } as const satisfies Record<PacketKind, number>;
/** Of ARP for IPv4 over Ethernet (RFC 826); frames have padding behind it. */
const ARP_BYTES = 28;

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

/** Of struct sock_filter: code, jump if true, jump if false, operand; Documentation/networking/filter.rst. */
type FilterRow = readonly [code: number, jumpTrue: number, jumpFalse: number, operand: number];

/** Lets pass unfragmented IPv4/UDP to port 68, the packet from its IPv4 header on. */
const DHCP_REPLIES: readonly FilterRow[] = [
  [0x30, 0, 0, 9], // ldb [9]: protocol
  [0x15, 0, 6, 17], // jeq #17 (UDP), else drop
  [0x28, 0, 0, 6], // ldh [6]: flags and fragment offset
  [0x45, 4, 0, 0x3fff], // jset #0x3fff: drop what has an offset or more to follow
  [0xb1, 0, 0, 0], // ldxb 4*([0]&0xf): header length
  [0x48, 0, 0, 2], // ldh [x + 2]: destination port
  [0x15, 0, 1, 68], // jeq #68, else drop
  [0x06, 0, 0, 0xffff], // pass
  [0x06, 0, 0, 0], // drop
];

/** Lets pass ARP for IPv4 over Ethernet, without what is behind it. */
const ARP_PACKETS: readonly FilterRow[] = [
  [0x20, 0, 0, 0], // ld [0]: hardware and protocol
  [0x15, 0, 3, 0x00010800], // jeq Ethernet and IPv4, else drop
  [0x28, 0, 0, 4], // ldh [4]: lengths of their addresses
  [0x15, 0, 1, 0x0604], // jeq 6 and 4, else drop
  [0x06, 0, 0, ARP_BYTES], // pass
  [0x06, 0, 0, 0], // drop
];

const FILTERS = { dhcp: DHCP_REPLIES, arp: ARP_PACKETS } as const satisfies Record<PacketKind, unknown>;

/** A program of struct sock_filter, eight bytes a row. */
export function encodeFilter(kind: PacketKind): Uint8Array {
  const rows = FILTERS[kind];
  const bytes = new Uint8Array(8 * rows.length);
  const view = new DataView(bytes.buffer);
  rows.forEach(([code, jumpTrue, jumpFalse, operand], row) => {
    view.setUint16(8 * row, code, true);
    view.setUint8(8 * row + 2, jumpTrue);
    view.setUint8(8 * row + 3, jumpFalse);
    view.setUint32(8 * row + 4, operand, true);
  });
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
