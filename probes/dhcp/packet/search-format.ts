/** Format of option 119: domain names as in DNS, with compression (RFC 3397; RFC 1035, section 4.1.4). */

import { type Format, isDomainName } from "./option-format.ts";

/** The upper two bits of a length byte mark a pointer into the option. */
const POINTER = 0xc0;
const LONGEST_NAME = 255;

export const SEARCH_DOMAINS: Format<readonly string[]> = {
  isJoined: true,
  read(bytes) {
    const names: string[] = [];
    for (let at = 0; at < bytes.length; ) {
      const { name, next } = readName(bytes, at);
      if (!isDomainName(name))
        throw new RangeError("wanted names of letters, digits, hyphens, underscores and dots");
      names.push(name);
      at = next;
    }
    if (names.length === 0) throw new RangeError("wanted at least one domain");
    return [...new Set(names)];
  },
  write: (names) =>
    Uint8Array.from(
      names.flatMap((name) => [
        ...name.split(".").flatMap((label) => [label.length, ...Buffer.from(label)]),
        0,
      ]),
    ),
};

/** Reads the name at an offset. The limit of its size also ends a circle of pointers. */
function readName(bytes: Uint8Array, start: number): { readonly name: string; readonly next: number } {
  const labels: string[] = [];
  let at = start;
  let next: number | undefined;
  let size = 0;
  for (let length = bytes[at]; length !== 0; length = bytes[at]) {
    if (length === undefined) throw new RangeError("a domain is cut short");
    const isPointer = length >= POINTER;
    size += isPointer ? 2 : 1 + length;
    if (size > LONGEST_NAME) throw new RangeError("a domain is too long");
    if (isPointer) {
      next ??= at + 2;
      at = ((length & ~POINTER) << 8) | (bytes[at + 1] ?? 0xff);
    } else {
      labels.push(Buffer.from(bytes.subarray(at + 1, at + 1 + length)).toString("latin1"));
      at += 1 + length;
    }
  }
  return { name: labels.join("."), next: next ?? at + 1 };
}
