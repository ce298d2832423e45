/** Which packets a packet(7) socket hears: a program that the kernel runs on each, so that no other packet wakes a process. */

import { ipBytes } from "./attribute-value.ts";
import type { AddressOwner, PacketKind } from "./kernel.ts";
import { ARP_BYTES } from "./packet.ts";

type Target = number | "drop";

/** Of struct sock_filter, Documentation/networking/filter.rst; a jump is "drop", or so many rows ahead, 0 when absent. */
type Row = readonly [
  code: number,
  operand: number,
  jumps?: { readonly true?: Target; readonly false?: Target },
];

/** linux/bpf_common.h: ld, ldh, ldb from the packet, ldh behind an IPv4 header, jeq, jset, ret. */
const [WORD, HALF, BYTE, BEHIND_HEADER, EQUAL, ANY_BIT, END] = [0x20, 0x28, 0x30, 0x48, 0x15, 0x45, 0x06];
/** ldxb 4*([0]&0xf): the length of the IPv4 header. */
const HEADER_LENGTH = 0xb1;

/** What the kernel knows of a packet, linux/filter.h: SKF_AD_OFF with SKF_AD_PKTTYPE and SKF_AD_IFINDEX. */
const PACKET_TYPE = 0xfffff004;
const INTERFACE = 0xfffff008;
/** linux/if_packet.h */
const PACKET_HOST = 0;
const PACKET_OTHERHOST = 3;

/** Unfragmented IPv4/UDP to port 68, the packet from its IPv4 header on. */
const DHCP_REPLIES: readonly Row[] = [
  [BYTE, 9],
  [EQUAL, 17, { false: "drop" }],
  // Flags and fragment offset: dropped is what has an offset or more to follow.
  [HALF, 6],
  [ANY_BIT, 0x3fff, { true: "drop" }],
  [HEADER_LENGTH, 0],
  [BEHIND_HEADER, 2],
  [EQUAL, 68, { false: "drop" }],
];

/**
 * ARP for IPv4 over Ethernet. Who wants an address asks all whose it is, from nobody's address; a switch that asks so of
 * one machine alone only looks whether that is still there (Cisco's IP device tracking), and wants nothing.
 */
const ARP_PACKETS: readonly Row[] = [
  // What does not have its last bytes is dropped: one read gives many packets, parted by this length alone.
  [WORD, ARP_BYTES - 4],
  [WORD, 0],
  [EQUAL, 0x00010800, { false: "drop" }],
  [HALF, 4],
  [EQUAL, 0x0604, { false: "drop" }],
  [WORD, 14],
  [EQUAL, 0, { false: 2 }],
  [BYTE, PACKET_TYPE],
  [EQUAL, PACKET_HOST, { true: "drop" }],
];

const FILTERS = {
  dhcp: { rows: DHCP_REPLIES, passes: 0xffff },
  arp: { rows: ARP_PACKETS, passes: ARP_BYTES },
} as const satisfies Record<PacketKind, unknown>;

export interface FilterOptions {
  readonly kind: PacketKind;
  /** Of the interface. */
  readonly index: number;
  /** Of ARP: only what says that this address is another's. */
  readonly owner?: AddressOwner;
}

/** A program of struct sock_filter, eight bytes a row. @throws RangeError where the owner's address is none */
export function encodeFilter({ kind, index, owner }: FilterOptions): Uint8Array {
  const { rows, passes } = FILTERS[kind];
  const all: Row[] = [...ownPackets(index), ...rows, ...(owner ? claimsOfOthers(owner) : []), [END, passes]];
  const drop = all.push([END, 0]) - 1;
  const bytes = new Uint8Array(8 * all.length);
  const view = new DataView(bytes.buffer);
  all.forEach(([code, operand, jumps = {}], row) => {
    const distance = (target: Target = 0): number => (target === "drop" ? drop - row - 1 : target);
    view.setUint16(8 * row, code, true);
    view.setUint8(8 * row + 2, distance(jumps.true));
    view.setUint8(8 * row + 3, distance(jumps.false));
    view.setUint32(8 * row + 4, operand, true);
  });
  return bytes;
}

/**
 * What came by this interface itself: a socket hears also what is tagged for a VLAN, whether there is an interface
 * for that (then it comes from there) or not (then it counts as another host's).
 */
function ownPackets(index: number): Row[] {
  return [
    [BYTE, PACKET_TYPE],
    [EQUAL, PACKET_OTHERHOST, { true: "drop" }],
    [WORD, INTERFACE],
    [EQUAL, index, { false: "drop" }],
  ];
}

/** The sender has the address, and not the hardware address; offsets of RFC 826. */
function claimsOfOthers({ address, mac }: AddressOwner): Row[] {
  const number = (bytes: Uint8Array): number => Number.parseInt(bytes.toHex(), 16);
  return [
    [WORD, 14],
    [EQUAL, number(ipBytes(address)), { false: "drop" }],
    [WORD, 8],
    [EQUAL, number(mac.subarray(0, 4)), { false: 2 }],
    [HALF, 12],
    [EQUAL, number(mac.subarray(4, 6)), { true: "drop" }],
  ];
}
