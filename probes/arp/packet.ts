/** ARP for IPv4 over Ethernet (RFC 826): probes, announcements and conflicts (RFC 5227). */

import { addressToNumber, formatAddress } from "../../system/address/ipv4.ts";

const ETHERNET = 1;
const IPV4 = 0x0800;
const REQUEST = 1;
const BYTES = 28;
const NO_ADDRESS = "0.0.0.0";
/** Offsets of the fields. */
const AT = { operation: 6, senderMac: 8, sender: 14, target: 24 } as const;

/** A probe, with the sender 0.0.0.0: the owner of the address answers, and no ARP cache changes (RFC 5227, section 2.1). */
export function encodeProbe(mac: Uint8Array, address: string): Uint8Array {
  return encodeRequest(mac, { sender: NO_ADDRESS, target: address });
}

/** An announcement: ARP caches with another hardware address for this address take ours (RFC 5227, section 2.3). */
export function encodeAnnouncement(mac: Uint8Array, address: string): Uint8Array {
  return encodeRequest(mac, { sender: address, target: address });
}

function encodeRequest(mac: Uint8Array, { sender, target }: { sender: string; target: string }): Uint8Array {
  const bytes = new Uint8Array(BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, ETHERNET);
  view.setUint16(2, IPV4);
  bytes.set([mac.length, 4], 4);
  view.setUint16(AT.operation, REQUEST);
  bytes.set(mac, AT.senderMac);
  view.setUint32(AT.sender, addressToNumber(sender));
  view.setUint32(AT.target, addressToNumber(target));
  return bytes;
}

/**
 * The hardware address of another machine that has this address, or that probes for it at the same time;
 * undefined where the packet says neither (RFC 5227, section 2.1.1).
 */
export function findConflict(
  packet: Uint8Array,
  { mac, address }: { readonly mac: Uint8Array; readonly address: string },
): Uint8Array | undefined {
  if (packet.length < BYTES) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const sender = formatAddress(view.getUint32(AT.sender));
  const target = formatAddress(view.getUint32(AT.target));
  const senderMac = packet.slice(AT.senderMac, AT.senderMac + mac.length);
  const isOwn = senderMac.every((byte, at) => byte === mac[at]);
  const isProbe = sender === NO_ADDRESS && target === address && view.getUint16(AT.operation) === REQUEST;
  return !isOwn && (sender === address || isProbe) ? senderMac : undefined;
}
