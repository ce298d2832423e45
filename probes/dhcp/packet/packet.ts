/** Encodes and decodes the BOOTP packet that carries DHCP (RFC 2131, section 2). */

import { addressToNumber, formatAddress } from "../../../system/address/ipv4.ts";
import { decodeOptions, encodeOptions, type OnIgnored, type RawOptions } from "./option-field.ts";
import { DhcpPacketError } from "./packet-error.ts";

export interface Packet {
  readonly op: "request" | "reply";
  readonly xid: number;
  /** Seconds since the client began, 0 to 65535. */
  readonly secs: number;
  /** Whether the client asks for a broadcast answer. */
  readonly broadcast: boolean;
  readonly ciaddr: string;
  readonly yiaddr: string;
  readonly siaddr: string;
  readonly giaddr: string;
  /** Six bytes: the client speaks Ethernet only. */
  readonly chaddr: Uint8Array;
  readonly options: RawOptions;
}

const OPS = { request: 1, reply: 2 } as const;
const ETHERNET = { type: 1, length: 6 } as const;
const MAGIC_COOKIE = 0x63825363;
const BROADCAST_FLAG = 0x8000;

/** Offsets of the fields (figure 1 of the RFC). */
const AT = { secs: 8, flags: 10, ciaddr: 12, yiaddr: 16, siaddr: 20, giaddr: 24, chaddr: 28 } as const;
const SNAME = { start: 44, end: 108 } as const;
const FILE = { start: 108, end: 236 } as const;
const OPTIONS_START = 240;

/** Relays and servers of BOOTP drop shorter packets (RFC 1542, section 2.1). */
const SHORTEST_SENT = 300;

export function encodePacket(packet: Packet): Uint8Array {
  const options = encodeOptions(packet.options);
  const bytes = new Uint8Array(Math.max(OPTIONS_START + options.length, SHORTEST_SENT));
  const view = new DataView(bytes.buffer);
  bytes.set([OPS[packet.op], ETHERNET.type, ETHERNET.length]);
  view.setUint32(4, packet.xid);
  view.setUint16(AT.secs, packet.secs);
  view.setUint16(AT.flags, packet.broadcast ? BROADCAST_FLAG : 0);
  for (const field of ["ciaddr", "yiaddr", "siaddr", "giaddr"] as const) {
    view.setUint32(AT[field], addressToNumber(packet[field]));
  }
  bytes.set(packet.chaddr, AT.chaddr);
  view.setUint32(FILE.end, MAGIC_COOKIE);
  bytes.set(options, OPTIONS_START);
  return bytes;
}

/** Decodes a packet; `ignored` takes the faults of options. @throws DhcpPacketError if the bytes are no DHCP packet */
export function decodePacket(bytes: Uint8Array, ignored: OnIgnored = () => {}): Packet {
  const refuse = (what: string) => new DhcpPacketError(`Cannot read a DHCP packet: ${what}`);
  if (bytes.length < OPTIONS_START) throw refuse(`${bytes.length} bytes, wanted at least ${OPTIONS_START}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const op = view.getUint8(0);
  if (op !== OPS.request && op !== OPS.reply) throw refuse(`operation ${op}`);
  if (view.getUint8(1) !== ETHERNET.type || view.getUint8(2) !== ETHERNET.length) {
    throw refuse(
      `hardware type ${view.getUint8(1)} with addresses of ${view.getUint8(2)} bytes, wanted Ethernet`,
    );
  }
  if (view.getUint32(FILE.end) !== MAGIC_COOKIE) throw refuse("no magic cookie");
  return {
    op: op === OPS.request ? "request" : "reply",
    xid: view.getUint32(4),
    secs: view.getUint16(AT.secs),
    broadcast: (view.getUint16(AT.flags) & BROADCAST_FLAG) !== 0,
    ciaddr: formatAddress(view.getUint32(AT.ciaddr)),
    yiaddr: formatAddress(view.getUint32(AT.yiaddr)),
    siaddr: formatAddress(view.getUint32(AT.siaddr)),
    giaddr: formatAddress(view.getUint32(AT.giaddr)),
    chaddr: bytes.slice(AT.chaddr, AT.chaddr + ETHERNET.length),
    options: decodeOptions(
      {
        options: bytes.subarray(OPTIONS_START),
        file: bytes.subarray(FILE.start, FILE.end),
        sname: bytes.subarray(SNAME.start, SNAME.end),
      },
      ignored,
    ),
  };
}
