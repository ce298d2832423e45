/** The options that the client knows: code, name and format (RFC 2132, RFC 3397, RFC 3442). */

import type { RawOptions } from "./option-field.ts";
import type { Format } from "./option-format.ts";
import {
  ADDRESS,
  ADDRESSES,
  BYTES,
  NAME,
  NAMES,
  PREFIX,
  TEXT,
  UINT8,
  UINT16,
  UINT32,
} from "./option-format.ts";
import { DhcpPacketError } from "./packet-error.ts";
import { CLASSFUL_ROUTES, CLASSLESS_ROUTES } from "./route-format.ts";
import { SEARCH_DOMAINS } from "./search-format.ts";

export interface Option<T> {
  readonly code: number;
  readonly name: string;
  readonly format: Format<T>;
}

export const OPTION = {
  subnetMask: { code: 1, name: "subnet mask", format: PREFIX },
  routers: { code: 3, name: "routers", format: ADDRESSES },
  dns: { code: 6, name: "DNS servers", format: ADDRESSES },
  hostname: { code: 12, name: "host name", format: NAME },
  domain: { code: 15, name: "domain name", format: NAMES },
  mtu: { code: 26, name: "interface MTU", format: UINT16 },
  broadcast: { code: 28, name: "broadcast address", format: ADDRESS },
  staticRoutes: { code: 33, name: "static routes", format: CLASSFUL_ROUTES },
  ntp: { code: 42, name: "NTP servers", format: ADDRESSES },
  requestedAddress: { code: 50, name: "requested address", format: ADDRESS },
  leaseTime: { code: 51, name: "lease time", format: UINT32 },
  messageType: { code: 53, name: "message type", format: UINT8 },
  server: { code: 54, name: "server identifier", format: ADDRESS },
  parameterList: { code: 55, name: "parameter request list", format: BYTES },
  message: { code: 56, name: "message", format: TEXT },
  longestMessage: { code: 57, name: "maximum message size", format: UINT16 },
  renewalTime: { code: 58, name: "renewal time (T1)", format: UINT32 },
  rebindingTime: { code: 59, name: "rebinding time (T2)", format: UINT32 },
  vendorClass: { code: 60, name: "vendor class", format: TEXT },
  clientId: { code: 61, name: "client identifier", format: BYTES },
  searchDomains: { code: 119, name: "search domains", format: SEARCH_DOMAINS },
  classlessRoutes: { code: 121, name: "classless routes", format: CLASSLESS_ROUTES },
  microsoftRoutes: { code: 249, name: "classless routes of Microsoft", format: CLASSLESS_ROUTES },
} as const;

/**
 * The options that the client asks for (option 55); 121 must stand before 3 and 33 (RFC 3442). Servers send 51, 54, 58
 * and 59 unasked, and some servers send them twice to a client that asks.
 */
export const REQUESTED_OPTIONS: readonly number[] = [
  OPTION.subnetMask,
  OPTION.classlessRoutes,
  OPTION.microsoftRoutes,
  OPTION.routers,
  OPTION.staticRoutes,
  OPTION.dns,
  OPTION.hostname,
  OPTION.domain,
  OPTION.searchDomains,
  OPTION.mtu,
  OPTION.broadcast,
  OPTION.ntp,
].map((option) => option.code);

/** Values of option 53 (RFC 2132, section 9.6). */
export const MESSAGE_TYPE = {
  DISCOVER: 1,
  OFFER: 2,
  REQUEST: 3,
  DECLINE: 4,
  ACK: 5,
  NAK: 6,
  RELEASE: 7,
} as const;

/** Reads an option; undefined if the packet does not have it. @throws DhcpPacketError */
export function readOption<T>(options: RawOptions, option: Option<T>): T | undefined {
  const instances = options.get(option.code);
  if (instances === undefined) return undefined;
  const reasons: string[] = [];
  for (const bytes of candidates(instances, option.format.isJoined)) {
    try {
      return option.format.read(bytes);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      reasons.push(error.message);
    }
  }
  throw new DhcpPacketError(`Cannot read option ${option.code} (${option.name}): ${reasons[0]}`);
}

/**
 * The bytes that may be the value, the likeliest first. Only values that can be longer than one option are joined from
 * several instances (RFC 3396). A second instance of any other option is a mistake of the server: the first instance
 * that can be read counts.
 */
function candidates(instances: readonly Uint8Array[], isJoined = false): readonly Uint8Array[] {
  if (!isJoined || instances.length === 1) return instances;
  return [Bun.concatArrayBuffers([...instances], Infinity, true), ...instances];
}

/** Reads an option that a lease can do without: undefined if the option is absent or faulty. */
export type OptionReader = <T>(option: Option<T>) => T | undefined;

/** Reads an option. @throws DhcpPacketError if the option is absent or faulty */
export function requireOption<T>(options: RawOptions, option: Option<T>): T {
  const value = readOption(options, option);
  if (value !== undefined) return value;
  throw new DhcpPacketError(`Cannot use a DHCP packet: option ${option.code} (${option.name}) is missing`);
}

/** One entry for `encodeOptions()`. */
export function writeOption<T>(option: Option<T>, value: T): [code: number, instances: Uint8Array[]] {
  return [option.code, [option.format.write(value)]];
}
