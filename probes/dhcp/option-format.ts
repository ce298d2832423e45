/** How the values of options are written: one format each, both directions. */

import {
  addressToNumber,
  formatAddress,
  isHostAddress,
  maskToPrefix,
  networkOf,
  prefixToMask,
} from "../../system/address/ipv4.ts";

/**
 * `read` says what it wanted where the bytes are none of its kind. @throws RangeError, for the option table
 * to name
 */
export interface Format<T> {
  readonly read: (bytes: Uint8Array) => T;
  readonly write: (value: T) => Uint8Array;
}

/** A route of option 121; without a gateway the destination is on the link (RFC 3442). */
export interface ClasslessRoute {
  readonly destination: string;
  readonly prefix: number;
  readonly gateway?: string;
}

export const BYTES: Format<Uint8Array> = { read: (bytes) => bytes, write: (value) => value };

export const UINT8 = unsigned(1);
export const UINT16 = unsigned(2);
export const UINT32 = unsigned(4);

export const ADDRESS: Format<string> = {
  read: (bytes) => formatAddress(UINT32.read(bytes)),
  write: (value) => UINT32.write(addressToNumber(value)),
};

/** One address or more. */
export const ADDRESSES: Format<readonly string[]> = {
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

/** Text that anyone may have sent: what is not printable ASCII becomes a question mark. */
export const TEXT: Format<string> = {
  read: (bytes) => trimNul(bytes).replace(/[^ -~]/g, "?"),
  write: (value) => new TextEncoder().encode(value),
};

const LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const DOMAIN_NAME = new RegExp(`^${LABEL}(\\.${LABEL})*$`);
const LONGEST_NAME = 253;

/** A host or domain name: letters, digits, hyphens and dots, as RFC 1123, section 2.1 allows them. */
export const NAME: Format<string> = {
  read(bytes) {
    const name = trimNul(bytes).replace(/\.$/, "");
    if (name.length > LONGEST_NAME || !DOMAIN_NAME.test(name)) {
      throw new RangeError("wanted a name of letters, digits, hyphens and dots");
    }
    return name;
  },
  write: TEXT.write,
};

/** Prefix length, as many bytes of the destination as that needs, gateway; again and again (RFC 3442). */
export const ROUTES: Format<readonly ClasslessRoute[]> = {
  read(bytes) {
    const routes: ClasslessRoute[] = [];
    for (let at = 0; at < bytes.length; ) {
      const prefix = bytes[at++] ?? 0;
      const significant = Math.ceil(prefix / 8);
      if (prefix > 32) throw new RangeError(`a route has a prefix of ${prefix}, wanted 0 to 32`);
      if (at + significant + 4 > bytes.length) throw new RangeError("a route is cut short");
      const destination = new Uint8Array(4);
      destination.set(bytes.subarray(at, at + significant));
      at += significant;
      const gateway = ADDRESS.read(bytes.subarray(at, at + 4));
      at += 4;
      routes.push(toRoute(networkOf(ADDRESS.read(destination), prefix), prefix, gateway));
    }
    if (routes.length === 0) throw new RangeError("wanted at least one route");
    return routes.filter(isPlausible);
  },
  write: (routes) =>
    Uint8Array.from(
      routes.flatMap(({ destination, prefix, gateway = "0.0.0.0" }) => [
        prefix,
        ...ADDRESS.write(destination).subarray(0, Math.ceil(prefix / 8)),
        ...ADDRESS.write(gateway),
      ]),
    ),
};

function toRoute(destination: string, prefix: number, gateway: string): ClasslessRoute {
  return gateway === "0.0.0.0" ? { destination, prefix } : { destination, prefix, gateway };
}

/** One route that makes no sense is left out; the others may be what leads home. */
function isPlausible({ destination, gateway }: ClasslessRoute): boolean {
  const leadsToHosts = destination === "0.0.0.0" || isHostAddress(addressToNumber(destination));
  return leadsToHosts && (gateway === undefined || isHostAddress(addressToNumber(gateway)));
}

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
