/** UDP over IPv4 with all its headers, for a packet socket without an address (RFC 791, RFC 768). */

import { addressToNumber, formatAddress } from "../../../system/address/ipv4.ts";
import { DhcpPacketError } from "./packet-error.ts";

const IP_HEADER = 20;
const UDP_HEADER = 8;
const PROTOCOL_UDP = 17;
const TTL = 64;
/** "More fragments" and the offset: a fragment has one of them set. */
const FRAGMENT_BITS = 0x3fff;
const DONT_FRAGMENT = 0x4000;

export interface Datagram {
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

/** Builds the IPv4 packet of a datagram, with both checksums. */
export function encodeDatagram(datagram: Datagram): Uint8Array {
  const udpLength = UDP_HEADER + datagram.payload.length;
  const packet = new Uint8Array(IP_HEADER + udpLength);
  const view = new DataView(packet.buffer);
  view.setUint8(0, 0x45);
  view.setUint16(2, packet.length);
  view.setUint16(6, DONT_FRAGMENT);
  view.setUint8(8, TTL);
  view.setUint8(9, PROTOCOL_UDP);
  view.setUint32(12, addressToNumber(datagram.source));
  view.setUint32(16, addressToNumber(datagram.destination));
  view.setUint16(10, ~onesComplementSum(packet.subarray(0, IP_HEADER)) & 0xffff);

  const udp = packet.subarray(IP_HEADER);
  view.setUint16(IP_HEADER, datagram.sourcePort);
  view.setUint16(IP_HEADER + 2, datagram.destinationPort);
  view.setUint16(IP_HEADER + 4, udpLength);
  udp.set(datagram.payload, UDP_HEADER);
  const checksum = ~onesComplementSum(udp, pseudoHeaderSum(packet, udpLength)) & 0xffff;
  // Zero means "no checksum": a sum of zero is sent as 0xffff, its other form (RFC 768).
  view.setUint16(IP_HEADER + 6, checksum === 0 ? 0xffff : checksum);
  return packet;
}

/**
 * Decodes one IPv4 packet; bytes after its stated length (Ethernet padding) are left out.
 * @throws DhcpPacketError
 */
export function decodeDatagram(bytes: Uint8Array): Datagram {
  const { packet, headerLength } = checkIpHeader(bytes);
  const view = viewOf(packet);
  const udp = packet.subarray(headerLength);
  if (udp.length < UDP_HEADER)
    throw new DhcpPacketError(`Cannot read a datagram: ${udp.length} bytes of UDP`);
  const udpLength = view.getUint16(headerLength + 4);
  if (udpLength < UDP_HEADER || udpLength > udp.length) {
    throw new DhcpPacketError(`Cannot read a datagram: UDP length ${udpLength} in ${udp.length} bytes`);
  }
  checkUdpChecksum(packet, udp.subarray(0, udpLength));
  return {
    source: formatAddress(view.getUint32(12)),
    destination: formatAddress(view.getUint32(16)),
    sourcePort: view.getUint16(headerLength),
    destinationPort: view.getUint16(headerLength + 2),
    payload: udp.subarray(UDP_HEADER, udpLength),
  };
}

function checkIpHeader(bytes: Uint8Array): { packet: Uint8Array; headerLength: number } {
  const refuse = (what: string) => new DhcpPacketError(`Cannot read an IPv4 packet: ${what}`);
  if (bytes.length < IP_HEADER) throw refuse(`${bytes.length} bytes, wanted at least ${IP_HEADER}`);
  const view = viewOf(bytes);
  const version = view.getUint8(0) >> 4;
  if (version !== 4) throw refuse(`version ${version}`);
  const headerLength = (view.getUint8(0) & 15) * 4;
  const totalLength = view.getUint16(2);
  if (headerLength < IP_HEADER || headerLength > totalLength) throw refuse(`header length ${headerLength}`);
  if (totalLength > bytes.length) throw refuse(`total length ${totalLength} in ${bytes.length} bytes`);
  if (onesComplementSum(bytes.subarray(0, headerLength)) !== 0xffff) throw refuse("header checksum is wrong");
  if ((view.getUint16(6) & FRAGMENT_BITS) !== 0) throw refuse("it is a fragment");
  if (view.getUint8(9) !== PROTOCOL_UDP) throw refuse(`protocol ${view.getUint8(9)}, wanted UDP`);
  return { packet: bytes.subarray(0, totalLength), headerLength };
}

function checkUdpChecksum(packet: Uint8Array, udp: Uint8Array): void {
  const field = viewOf(udp).getUint16(6);
  if (field === 0) return;
  const pseudo = pseudoHeaderSum(packet, udp.length);
  if (onesComplementSum(udp, pseudo) === 0xffff) return;
  // A server at the other end of a virtual link leaves the checksum to hardware that does not exist: a packet socket
  // then sees the sum of the pseudo header alone (CHECKSUM_PARTIAL of the kernel's skbuff.h).
  if (field === pseudo) return;
  throw new DhcpPacketError("Cannot read a datagram: UDP checksum is wrong");
}

/** Both addresses, the protocol and the UDP length, summed (RFC 768). */
function pseudoHeaderSum(packet: Uint8Array, udpLength: number): number {
  return onesComplementSum(packet.subarray(12, 20), PROTOCOL_UDP + udpLength);
}

/** The ones' complement sum of 16-bit words; a last odd byte counts as if a zero followed (RFC 1071). */
export function onesComplementSum(bytes: Uint8Array, start = 0): number {
  let total = start;
  for (let at = 0; at < bytes.length; at += 2) total += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return total;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
