/** Values of netlink attributes, as bytes. */

import { addressToNumber } from "../address/ipv4.ts";

export function uint16(value: number): Uint8Array {
  const bytes = new Uint8Array(2);
  new DataView(bytes.buffer).setUint16(0, value, true);
  return bytes;
}

export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** Text with the zero at its end that the kernel wants of names. */
export function cstring(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
}

export function isIpv6(address: string): boolean {
  return address.includes(":");
}

/** The 4 or 16 bytes of an address. @throws RangeError */
export function ipBytes(address: string): Uint8Array {
  return isIpv6(address) ? ipv6Bytes(address) : ipv4Bytes(address);
}

function ipv4Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, addressToNumber(text));
  return bytes;
}

/** Hexadecimal groups with "::" for the zeros, as RFC 5952 writes them. */
function ipv6Bytes(text: string): Uint8Array {
  const [head = "", tail, more] = text.split("::");
  const groupsOf = (part: string | undefined): string[] => part?.split(":").filter(Boolean) ?? [];
  const [before, after] = [groupsOf(head), groupsOf(tail)];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...new Array<string>(Math.max(zeros, 0)).fill("0"), ...after];
  if (more !== undefined || groups.length !== 8 || !groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) {
    throw new RangeError(`Cannot use address "${text}": IPv6 like 2001:db8::7 is wanted`);
  }
  return Uint8Array.fromHex(groups.map((group) => group.padStart(4, "0")).join(""));
}
