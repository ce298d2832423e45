/**
 * The addresses of nodes within the tunnel: unique local IPv6 addresses (RFC 4193) of a /64 that is derived from the
 * cluster key. The lowest 32 bits are the node's IPv4 address on the LAN.
 */

import { addressToNumber, formatAddress } from "../../system/address/ipv4.ts";
import { ipBytes } from "../../system/kernel/attribute-value.ts";
import type { ClusterKey } from "../security/key.ts";
import { deriveBytes } from "./keys.ts";

/** fd00::/8, the locally assigned half of fc00::/7. */
const UNIQUE_LOCAL = 0xfd;
const PREFIX_BYTES = 8;

export class InnerAddresses {
  readonly #prefix: Uint8Array;
  /** "fd12:3456:789a:bcde::", the network of all nodes; its prefix length is 64. */
  readonly network: string;

  constructor(key: ClusterKey) {
    this.#prefix = Uint8Array.of(UNIQUE_LOCAL, ...deriveBytes(key, "network", PREFIX_BYTES - 1));
    this.network = `${groups(this.#prefix)}::`;
  }

  /** The inner address of the node with that LAN address. @throws RangeError */
  of(address: string): string {
    const low = new Uint8Array(4);
    new DataView(low.buffer).setUint32(0, addressToNumber(address));
    return `${this.network}${groups(low)}`;
  }

  /** The LAN address of the node with that inner address, `undefined` for an address of no node. */
  lanAddressOf(inner: string): string | undefined {
    const bytes = parseIpv6(inner);
    return bytes && this.lanAddressOfBytes(bytes);
  }

  /** The same for the 16 bytes of the address. */
  lanAddressOfBytes(bytes: Uint8Array): string | undefined {
    const isOurs = [...this.#prefix, 0, 0, 0, 0].every((byte, index) => bytes[index] === byte);
    return isOurs ? formatAddress(new DataView(bytes.buffer, bytes.byteOffset).getUint32(12)) : undefined;
  }
}

/** Hexadecimal groups of two bytes without leading zeros; RFC 5952, section 4.1. */
function groups(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Array.from({ length: bytes.length / 2 }, (_, at) => view.getUint16(2 * at).toString(16)).join(":");
}

/** The 16 bytes of an IPv6 address; a scope as in "fe80::1%eth0" makes it none. */
function parseIpv6(text: string): Uint8Array | undefined {
  try {
    const bytes = ipBytes(text);
    return bytes.length === 16 ? bytes : undefined;
  } catch {
    return undefined;
  }
}
