/** Formats of option values, in both directions. */

import { addressToNumber, formatAddress, maskToPrefix, prefixToMask } from "../../../system/address/ipv4.ts";

/**
 * How one kind of value is written. `read` throws RangeError with what was wanted if the bytes are of another kind;
 * `readOption()` adds the name of the option.
 */
export interface Format<T> {
  readonly read: (bytes: Uint8Array) => T;
  readonly write: (value: T) => Uint8Array;
  /** True for values that may be longer than the 255 bytes of one option: those are joined from several (RFC 3396). */
  readonly isJoined?: true;
}

/** A route of option 121; without a gateway the destination is on the link (RFC 3442). */
export interface ClasslessRoute {
  readonly destination: string;
  readonly prefix: number;
  readonly gateway?: string;
}

export const BYTES: Format<Uint8Array> = { isJoined: true, read: (bytes) => bytes, write: (value) => value };

export const UINT8 = unsigned(1);
export const UINT16 = unsigned(2);
export const UINT32 = unsigned(4);

export const ADDRESS: Format<string> = {
  read: (bytes) => formatAddress(UINT32.read(bytes)),
  write: (value) => UINT32.write(addressToNumber(value)),
};

/** One address or more. */
export const ADDRESSES: Format<readonly string[]> = {
  isJoined: true,
  read(bytes) {
    if (bytes.length === 0 || bytes.length % 4 !== 0) throw new RangeError("wanted addresses of 4 bytes");
    return Array.from({ length: bytes.length / 4 }, (_, at) =>
      ADDRESS.read(bytes.subarray(at * 4, at * 4 + 4)),
    );
  },
  write: (addresses) => Uint8Array.from(addresses.flatMap((address) => [...ADDRESS.write(address)])),
};

/** A subnet mask, as its prefix length from 1 to 32. */
export const PREFIX: Format<number> = {
  read(bytes) {
    const prefix = maskToPrefix(UINT32.read(bytes));
    if (prefix === undefined || prefix === 0) throw new RangeError("wanted a mask with its ones on the left");
    return prefix;
  },
  write: (prefix) => UINT32.write(prefixToMask(prefix)),
};

/** Text of any sender: characters that are not printable ASCII become question marks. */
export const TEXT: Format<string> = {
  isJoined: true,
  read: (bytes) => trimNul(bytes).replace(/[^ -~]/g, "?"),
  write: (value) => new TextEncoder().encode(value),
};

/** RFC 1123 allows no underscores, but names of Windows domains and of services have them. */
const LABEL = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
const DOMAIN_NAME = new RegExp(`^${LABEL}(\\.${LABEL})*$`);
const LONGEST_NAME = 253;

export function isDomainName(name: string): boolean {
  return name.length <= LONGEST_NAME && DOMAIN_NAME.test(name);
}

/** A host name: letters, digits, hyphens, underscores and dots. */
export const NAME: Format<string> = {
  read(bytes) {
    const name = trimNul(bytes).replace(/\.$/, "");
    if (!isDomainName(name))
      throw new RangeError("wanted a name of letters, digits, hyphens, underscores and dots");
    return name;
  },
  write: TEXT.write,
};

/** One domain name, or several with blanks or commas between, by which some networks list their search domains. */
export const NAMES: Format<readonly string[]> = {
  read(bytes) {
    const names = trimNul(bytes)
      .split(/[ ,]+/)
      .map((name) => name.replace(/\.$/, ""))
      .filter((name) => name !== "");
    if (names.length === 0 || !names.every(isDomainName))
      throw new RangeError("wanted names of letters, digits, hyphens, underscores and dots");
    return names;
  },
  write: (names) => TEXT.write(names.join(" ")),
};

function unsigned(length: 1 | 2 | 4): Format<number> {
  return {
    read(bytes) {
      if (bytes.length !== length) throw new RangeError(`${bytes.length} bytes, wanted ${length}`);
      return bytes.reduce((number, byte) => number * 256 + byte, 0);
    },
    write: (value) => Uint8Array.from({ length }, (_, at) => (value >>> (8 * (length - 1 - at))) & 255),
  };
}

/** Some servers end a text with NUL, which RFC 2132, section 2 lets a client remove. */
function trimNul(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes).replace(/\0+$/, "");
}
