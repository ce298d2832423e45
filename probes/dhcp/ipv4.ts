/** IPv4 addresses: dotted decimal in our records, 32-bit numbers where there is arithmetic to do. */

/** @throws RangeError */
export function addressToNumber(text: string): number {
  const parts = text.split(".");
  const bytes = parts.map(Number);
  const wellFormed = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part));
  if (!wellFormed || bytes.some((byte) => byte > 255)) {
    throw new RangeError(
      `Cannot read the address "${text}": wanted four numbers from 0 to 255, as in 192.168.1.7`,
    );
  }
  return bytes.reduce((number, byte) => number * 256 + byte, 0);
}

export function numberToAddress(number: number): string {
  return [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255].join(".");
}

/** The mask of a prefix length, as a number. */
export function prefixToMask(prefix: number): number {
  return prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
}

/** The prefix length of a mask, undefined where its ones are not all on the left. */
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

/**
 * An address a host may have: not 0/8, not the loopback, not multicast or above (RFC 1122, section 3.2.1.3).
 */
export function isHostAddress(address: string): boolean {
  const first = addressToNumber(address) >>> 24;
  return first !== 0 && first !== 127 && first < 224;
}

/** The network of an address: its host bits zero. */
export function networkOf(address: string, prefix: number): string {
  return numberToAddress((addressToNumber(address) & prefixToMask(prefix)) >>> 0);
}

/** The address of a network whose host bits are all one. */
export function broadcastOf(address: string, prefix: number): string {
  return numberToAddress((addressToNumber(address) | ~prefixToMask(prefix)) >>> 0);
}

export function isInNetwork(address: string, network: string, prefix: number): boolean {
  return networkOf(address, prefix) === networkOf(network, prefix);
}
