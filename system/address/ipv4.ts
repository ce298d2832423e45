/**
 * IPv4 addresses: dotted decimal in records and messages, unsigned 32-bit numbers where there is arithmetic to do, so
 * that node k of a range is start + k.
 */

/** "192.168.1.1" from 0xc0a80101. */
export function formatAddress(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 0xff}.${(address >>> 8) & 0xff}.${address & 0xff}`;
}

/** The number behind dotted decimal without leading zeros, `undefined` for any other text. */
export function parseAddress(text: string): number | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text) || /(^|\.)0\d/.test(text)) return undefined;
  const bytes = text.split(".").map(Number);
  return bytes.some((byte) => byte > 255) ? undefined : toNumber(bytes);
}

/** The number behind dotted decimal; leading zeros are decimal, as in the kernel's in_aton(). @throws RangeError */
export function addressToNumber(text: string): number {
  const bytes = text.split(".").map(Number);
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text) || bytes.some((byte) => byte > 255)) {
    throw new RangeError(
      `Cannot read the address "${text}": wanted four numbers from 0 to 255, as in 192.168.1.7`,
    );
  }
  return toNumber(bytes);
}

function toNumber(bytes: readonly number[]): number {
  return bytes.reduce((number, byte) => number * 256 + byte, 0);
}

/** Whether a host may have the address: not 0/8, not the loopback, not multicast or above (RFC 1122, section 3.2.1.3). */
export function isHostAddress(address: number): boolean {
  const first = address >>> 24;
  return first > 0 && first !== 127 && first < 224;
}

/** The mask of a prefix length, as a number. */
export function prefixToMask(prefix: number): number {
  return prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
}

/** The prefix length of a mask, `undefined` where its ones are not all on the left. */
export function maskToPrefix(mask: number): number | undefined {
  const prefix = Math.clz32(~mask);
  return prefixToMask(prefix) === mask ? prefix : undefined;
}

/** The prefix length of class A, B or C, for a server that gives no mask (RFC 791, section 3.2). */
export function classfulPrefix(address: string): number {
  const first = addressToNumber(address) >>> 24;
  if (first < 128) return 8;
  return first < 192 ? 16 : 24;
}

/** The network of an address: its host bits are zero. */
export function networkOf(address: string, prefix: number): string {
  return formatAddress((addressToNumber(address) & prefixToMask(prefix)) >>> 0);
}

/** The broadcast address of a network: its host bits are one. */
export function broadcastOf(address: string, prefix: number): string {
  return formatAddress((addressToNumber(address) | ~prefixToMask(prefix)) >>> 0);
}

export function isInNetwork(address: string, network: string, prefix: number): boolean {
  return networkOf(address, prefix) === networkOf(network, prefix);
}
