/**
 * The fields of options such as `ip=`. Each reader takes the name of the field for a sentence, and
 * throws a RangeError like "the client address is 10.0.0.300, and four numbers up to 255 were wanted".
 */

import {
  addressToNumber,
  classfulPrefix,
  formatAddress,
  isHostAddress,
  maskToPrefix,
} from "../../system/address/ipv4.ts";
import { ipBytes, isIpv6 } from "../../system/kernel/attribute-value.ts";

/** What an option asks for, and one clause for each part of the option that cannot be used. */
export interface Parsed<T> {
  readonly request: T;
  readonly complaints: readonly string[];
}

export interface Ip {
  readonly family: 4 | 6;
  /** Dotted decimal, or IPv6 without brackets. */
  readonly address: string;
  readonly prefix?: number;
}

const MAC = "(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}";
const PCI = "[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]";
const BRACKETED = "\\[[^\\]]*\\]";
const ITEM = `(?:(?:${MAC}|${PCI})(?=[:,]|$)|(?:${BRACKETED}|[^:,])*)`;
const FIELD = new RegExp(`${ITEM}(?:,${ITEM})*`, "iy");

/** Parts a value at its colons, but for those within brackets, a MAC or a PCI address. */
export function splitFields(value: string): string[] {
  const fields: string[] = [];
  for (let at = 0; at <= value.length; ) {
    FIELD.lastIndex = at;
    const field = FIELD.exec(value)?.[0] ?? "";
    fields.push(field);
    at += field.length + 1;
  }
  return fields;
}

/** @throws RangeError */
export function refuse(field: string, value: string, wanted: string): never {
  throw new RangeError(`${field} is ${value === "" ? "empty" : value}, and ${wanted} wanted`);
}

/** Reads the parts of one option; a part that cannot be read costs that part alone. */
export class PartReader {
  readonly #complaints: string[] = [];

  get complaints(): readonly string[] {
    return this.#complaints;
  }

  /** What `read` answers, or `undefined` with a complaint that ends in `then`, "ignoring that" by default. */
  try<T>(read: () => T, then = "ignoring that"): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#complaints.push(`${error.message}, ${then}`);
      return undefined;
    }
  }

  /** The same of a field, which may be empty or absent. */
  field<T>(text: string | undefined, read: (text: string) => T): T | undefined {
    return text === undefined || text === "" ? undefined : this.try(() => read(text));
  }

  /** Those items of a list that can be read. */
  items<T>(texts: readonly string[], read: (text: string) => T): T[] {
    return texts.flatMap((text) => this.try(() => [read(text)]) ?? []);
  }

  /** The same of a list that must have one. @throws RangeError where no item can be read, with the reason of the first */
  someItems<T>(texts: readonly string[], read: (text: string) => T): T[] {
    const items = new PartReader().items(texts, read);
    if (items.length === 0) read(texts[0] ?? "");
    return this.items(texts, read);
  }
}

/** "10.0.0.1", "10.0.0.1/24", "[2001:db8::1]", "[2001:db8::1]/64" or "[2001:db8::1/64]". @throws RangeError */
export function readIp(field: string, text: string): Ip {
  const [, bracketed, plain, length] = /^(?:\[([^\]/]*)|([^[\]/]*))(?:\]?\/(\d{1,3}))?\]?$/.exec(text) ?? [];
  if (bracketed !== undefined || plain?.includes(":")) {
    const address = normalizeIpv6(bracketed ?? plain ?? "");
    if (address === undefined) return refuse(field, text, "an IPv6 address like [2001:db8::7] was");
    return { family: 6, address, ...prefixOf(field, length, 128) };
  }
  return { family: 4, address: readIpv4(field, plain ?? text), ...prefixOf(field, length, 32) };
}

/** Strictly dotted decimal. @throws RangeError */
function readIpv4(field: string, text: string): string {
  try {
    return formatAddress(addressToNumber(text));
  } catch {
    return refuse(field, text, "four numbers up to 255 were");
  }
}

/** The address of a host. @throws RangeError */
export function readHost(field: string, text: string): Ip {
  const ip = readIp(field, text);
  const isHost =
    ip.family === 4 ? isHostAddress(addressToNumber(ip.address)) : !/^(ff|::1?$)/.test(ip.address);
  return isHost ? ip : refuse(field, text, "the address of a host was");
}

/**
 * A mask as an address, or the number of its bits; without one, that of class A, B or C, or 64 bits. @throws RangeError
 */
export function readMask(text: string, { family, address, prefix }: Ip): number {
  if (text === "") return prefix ?? (family === 4 ? classfulPrefix(address) : 64);
  const longest = family === 4 ? 32 : 128;
  const wanted = family === 4 ? "one like 255.255.255.0, or 1 to 32, was" : "1 to 128 was";
  const isNumber = /^\d{1,3}$/.test(text);
  const bits = isNumber ? Number(text) : maskBits(text, family);
  return bits !== undefined && bits >= 1 && bits <= longest ? bits : refuse("the mask", text, wanted);
}

/** `undefined` for an address that is no mask. @throws RangeError for what is no address */
function maskBits(text: string, family: Ip["family"]): number | undefined {
  if (family === 4) return maskToPrefix(addressToNumber(readIpv4("the mask", text)));
  const { address } = readIp("the mask", text);
  const bits = isIpv6(address)
    ? [...ipBytes(address)].map((byte) => byte.toString(2).padStart(8, "0")).join("")
    : "";
  return /^(1+)0*$/.exec(bits)?.[1]?.length;
}

/** Six bytes with colons or hyphens between, as lower case with colons. @throws RangeError */
export function readMac(text: string): string {
  if (!/^(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(text))
    refuse("the MAC", text, "one like 52:54:00:12:34:56 was");
  return text.toLowerCase().replaceAll("-", ":");
}

/** 68 is the smallest an IPv4 link may have (RFC 791). @throws RangeError */
export function readMtu(text: string): number {
  const mtu = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return mtu >= 68 && mtu <= 65_535 ? mtu : refuse("the MTU", text, "68 to 65535 was");
}

/** A name that the kernel takes for an interface (dev_valid_name()). @throws RangeError */
export function readName(field: string, text: string): string {
  const isValid = /^[^\s/:]{1,15}$/.test(text) && text !== "." && text !== "..";
  return isValid ? text : refuse(field, text, "a name of up to 15 characters was");
}

/** An interface by its name, MAC or PCI address. @throws RangeError */
export function readDevice(text: string): string {
  if (/^([0-9a-f]{2}[:-]){5}/i.test(text)) return readMac(text);
  return new RegExp(`^${PCI}$`, "i").test(text) ? text.toLowerCase() : readName("the interface", text);
}

/** The canonical form of RFC 5952, or `undefined` for text that is no IPv6 address. */
function normalizeIpv6(address: string): string | undefined {
  const url = `http://[${address}]`;
  return /^[\da-f:.]+$/i.test(address) && URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined;
}

function prefixOf(field: string, length: string | undefined, longest: number): { readonly prefix?: number } {
  if (length === undefined) return {};
  const prefix = Number(length);
  return prefix <= longest ? { prefix } : refuse(`the prefix of ${field}`, length, `0 to ${longest} was`);
}
