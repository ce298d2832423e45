/** Netlink messages and their attributes, to and from bytes; netlink(7). All numbers in host order: x86 is little-endian. */

const HEADER_BYTES = 16;

const NLA_F_NESTED = 0x8000;
const ATTRIBUTE_FLAGS = 0xc000;
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;
export const NLM_F_REQUEST = 0x1;
export const NLM_F_ACK = 0x4;
export const NLM_F_REPLACE = 0x100;
export const NLM_F_EXCL = 0x200;
/** NLM_F_ROOT | NLM_F_MATCH */
export const NLM_F_DUMP = 0x300;
export const NLM_F_CREATE = 0x400;

export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  /** What follows the header. */
  readonly body: Uint8Array;
}

/** One attribute; rtnetlink(7), struct rtattr. */
export type Attribute = readonly [type: number, value: Uint8Array];

export function encodeMessage(message: NetlinkMessage): Uint8Array {
  const bytes = new Uint8Array(align(HEADER_BYTES + message.body.length));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, HEADER_BYTES + message.body.length, true);
  view.setUint16(4, message.type, true);
  view.setUint16(6, message.flags, true);
  view.setUint32(8, message.sequence, true);
  bytes.set(message.body, HEADER_BYTES);
  return bytes;
}

/** The messages in one or more datagrams laid end to end; stops at the first that is cut short. */
export function* decodeMessages(bytes: Uint8Array): Generator<NetlinkMessage> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const length = view.getUint32(at, true);
    if (length < HEADER_BYTES || at + length > bytes.length) return;
    yield {
      type: view.getUint16(at + 4, true),
      flags: view.getUint16(at + 6, true),
      sequence: view.getUint32(at + 8, true),
      body: bytes.subarray(at + HEADER_BYTES, at + length),
    };
    at += align(length);
  }
}

export function encodeAttributes(attributes: readonly Attribute[]): Uint8Array {
  const bytes = new Uint8Array(attributes.reduce((sum, [, value]) => sum + align(4 + value.length), 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [type, value] of attributes) {
    view.setUint16(at, 4 + value.length, true);
    view.setUint16(at + 2, type, true);
    bytes.set(value, at + 4);
    at += align(4 + value.length);
  }
  return bytes;
}

/** The attributes by type; of a type that comes twice the last, as the kernel reads them. */
export function decodeAttributes(bytes: Uint8Array): Map<number, Uint8Array> {
  return new Map(eachAttribute(bytes));
}

/** The attributes in their order, as in a list, whose items may all be of one type. */
export function* eachAttribute(bytes: Uint8Array): Generator<Attribute> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = view.getUint16(at, true);
    if (length < 4 || at + length > bytes.length) return;
    // The two highest bits are flags (NLA_F_NESTED, NLA_F_NET_BYTEORDER).
    yield [view.getUint16(at + 2, true) & ~ATTRIBUTE_FLAGS, bytes.subarray(at + 4, at + length)];
    at += align(length);
  }
}

/** An attribute that holds attributes, marked as such (NLA_F_NESTED) as generic netlink wants it. */
export function nested(type: number, attributes: readonly Attribute[]): Attribute {
  return [type | NLA_F_NESTED, encodeAttributes(attributes)];
}

/** Messages and attributes begin at multiples of four bytes (NLMSG_ALIGNTO, RTA_ALIGNTO). */
function align(length: number): number {
  return (length + 3) & ~3;
}
