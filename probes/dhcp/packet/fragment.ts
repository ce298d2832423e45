/** Fragments of an IPv4 packet that is longer than the MTU of a link (RFC 791, section 3.2). */

import { onesComplementSum } from "./udp.ts";

const IP_HEADER = 20;
const AT = { length: 2, id: 4, fragment: 6, checksum: 10 } as const;
const MORE_FRAGMENTS = 0x2000;
/** The offset of a fragment counts units of so many bytes. */
const UNIT = 8;

/** Splits a packet with a header of 20 bytes for a link with this MTU, at least 28; `id` is the same in all fragments. */
export function fragment(
  packet: Uint8Array,
  { mtu, id }: { readonly mtu: number; readonly id: number },
): Uint8Array[] {
  const payload = packet.subarray(IP_HEADER);
  const size = Math.max(Math.floor((mtu - IP_HEADER) / UNIT), 1) * UNIT;
  return Array.from({ length: Math.ceil(payload.length / size) }, (_, index) => {
    const start = index * size;
    const part = payload.subarray(start, start + size);
    const bytes = Uint8Array.from([...packet.subarray(0, IP_HEADER), ...part]);
    const view = new DataView(bytes.buffer);
    view.setUint16(AT.length, bytes.length);
    view.setUint16(AT.id, id);
    view.setUint16(AT.fragment, start / UNIT + (start + size < payload.length ? MORE_FRAGMENTS : 0));
    view.setUint16(AT.checksum, 0);
    view.setUint16(AT.checksum, ~onesComplementSum(bytes.subarray(0, IP_HEADER)) & 0xffff);
    return bytes;
  });
}
