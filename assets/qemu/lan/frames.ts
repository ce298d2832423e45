/** The few Ethernet frames a DHCP server needs, written apart from the node's own code so that neither hides the other's faults. */

export const IPV4 = 0x0800;
export const ARP = 0x0806;

const ETHERNET_BYTES = 14;
const IP_BYTES = 20;
const UDP_BYTES = 8;
const UDP_PROTOCOL = 17;

export interface Datagram {
  readonly fromPort: number;
  readonly toPort: number;
  readonly source: string;
  readonly destination: string;
  readonly payload: Buffer;
  /** Hardware address of the sender. */
  readonly hardware: Buffer;
}

export function etherType(frame: Buffer): number {
  return frame.readUInt16BE(12);
}

/** The UDP datagram in an IPv4 frame; undefined for anything else. */
export function readDatagram(frame: Buffer): Datagram | undefined {
  const ip = frame.subarray(ETHERNET_BYTES);
  if (ip.length < IP_BYTES + UDP_BYTES || ip[9] !== UDP_PROTOCOL) return undefined;
  const udp = ip.subarray(((ip[0] ?? 0) & 0x0f) * 4, ip.readUInt16BE(2));
  return {
    fromPort: udp.readUInt16BE(0),
    toPort: udp.readUInt16BE(2),
    source: ip.subarray(12, 16).join("."),
    destination: ip.subarray(16, 20).join("."),
    payload: udp.subarray(UDP_BYTES),
    hardware: frame.subarray(6, 12),
  };
}

/** One frame with the datagram in it, without a UDP checksum (RFC 768 allows that). */
export function writeDatagram(datagram: Omit<Datagram, "hardware">, from: Buffer, to: Buffer): Buffer {
  const { fromPort, toPort, payload } = datagram;
  const ip = Buffer.alloc(IP_BYTES);
  ip.writeUInt16BE(0x4500, 0);
  ip.writeUInt16BE(IP_BYTES + UDP_BYTES + payload.length, 2);
  ip[8] = 64;
  ip[9] = UDP_PROTOCOL;
  ip.set(addressBytes(datagram.source), 12);
  ip.set(addressBytes(datagram.destination), 16);
  ip.writeUInt16BE(internetChecksum(ip), 10);
  const udp = Buffer.alloc(UDP_BYTES);
  udp.writeUInt16BE(fromPort, 0);
  udp.writeUInt16BE(toPort, 2);
  udp.writeUInt16BE(UDP_BYTES + payload.length, 4);
  return Buffer.concat([to, from, etherTypeBytes(IPV4), ip, udp, payload]);
}

/** The answer to a question for `address` (RFC 826); undefined for any other ARP packet. */
export function answerArp(frame: Buffer, address: string, hardware: Buffer): Buffer | undefined {
  const arp = frame.subarray(ETHERNET_BYTES);
  const isQuestion = arp.readUInt16BE(6) === 1;
  if (!isQuestion || arp.subarray(24, 28).join(".") !== address) return undefined;
  const asker = arp.subarray(8, 14);
  const answer = Buffer.from(arp.subarray(0, 28));
  answer.writeUInt16BE(2, 6);
  answer.set(hardware, 8);
  answer.set(addressBytes(address), 14);
  answer.set(arp.subarray(8, 18), 18);
  return Buffer.concat([asker, hardware, etherTypeBytes(ARP), answer]);
}

export function addressBytes(address: string): Buffer {
  return Buffer.from(address.split(".").map(Number));
}

function etherTypeBytes(type: number): Buffer {
  return Buffer.from([type >> 8, type & 0xff]);
}

/** RFC 1071. */
function internetChecksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
