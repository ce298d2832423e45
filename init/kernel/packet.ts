/** What a packet(7) socket for DHCP replies needs: its address, its filter, and the bounds of packets. */

const ETH_P_IP = 0x0800;

/** struct sockaddr_ll; packet(7). */
export function encodeLinkAddress(index: number, hardware: Uint8Array = new Uint8Array()): Uint8Array {
  const AF_PACKET = 17;
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_PACKET, true);
  view.setUint16(2, ETH_P_IP, false);
  view.setInt32(4, index, true);
  bytes[11] = hardware.length;
  bytes.set(hardware, 12);
  return bytes;
}

/**
 * Classic BPF that lets pass unfragmented IPv4/UDP to port 68, the packet from its IPv4 header on;
 * Documentation/networking/filter.rst. Each row is struct sock_filter: code, jump if true, jump if false, operand.
 */
const DHCP_REPLIES = [
  [0x30, 0, 0, 9], // ldb [9]: protocol
  [0x15, 0, 6, 17], // jeq #17 (UDP), else drop
  [0x28, 0, 0, 6], // ldh [6]: flags and fragment offset
  [0x45, 4, 0, 0x3fff], // jset #0x3fff: drop what has an offset or more to follow
  [0xb1, 0, 0, 0], // ldxb 4*([0]&0xf): header length
  [0x48, 0, 0, 2], // ldh [x + 2]: destination port
  [0x15, 0, 1, 68], // jeq #68, else drop
  [0x06, 0, 0, 0xffff], // pass
  [0x06, 0, 0, 0], // drop
] as const;

export const FILTER_ROWS = DHCP_REPLIES.length;

/** struct sock_filter, as many as FILTER_ROWS. */
export function encodeFilter(): Uint8Array {
  const bytes = new Uint8Array(8 * DHCP_REPLIES.length);
  const view = new DataView(bytes.buffer);
  DHCP_REPLIES.forEach(([code, jumpTrue, jumpFalse, operand], row) => {
    view.setUint16(8 * row, code, true);
    view.setUint8(8 * row + 2, jumpTrue);
    view.setUint8(8 * row + 3, jumpFalse);
    view.setUint32(8 * row + 4, operand, true);
  });
  return bytes;
}

/**
 * The IPv4 packets that lie end to end in what one read gave.
 * A read gathers all that has arrived, so the packets' own total length (RFC 791, section 3.1) must part them;
 * after one that has no sane length the rest is dropped, and DHCP asks again.
 */
export function* splitPackets(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at + 20 <= bytes.length; ) {
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    if (bytes[at]! >> 4 !== 4 || length < 20 || at + length > bytes.length) return;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}
