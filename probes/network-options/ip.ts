/**
 * `ip=` in the forms of the kernel (Documentation/admin-guide/nfs/nfsroot.rst), of dracut.cmdline(7), and of
 * PXELINUX's SYSAPPEND, which is the kernel's with four fields.
 */

import { broadcastOf, networkOf } from "../../system/address/ipv4.ts";
import { isHostname } from "../../system/hostname.ts";
import { present } from "../../system/optional.ts";
import {
  type Ip,
  readDevice,
  readHost,
  readIp,
  readMac,
  readMask,
  readMtu,
  refuse,
  splitFields,
} from "./field.ts";
import type { InterfaceRequest, StaticAddress } from "./interface-request.ts";
import { readLoneMethod, readMethod } from "./method.ts";

/** Reads what may be left out where it cannot be read. */
type Optional = <T>(text: string | undefined, read: (text: string) => T) => T | undefined;

const NOTHING = { dns: [], ntp: [] } as const;

/** The request of one `ip=`, and a sentence for each field that cannot be used; what it cannot read is DHCP's. */
export function parseIp(value: string): {
  readonly request: InterfaceRequest;
  readonly complaints: string[];
} {
  const complaints: string[] = [];
  const complain = (error: unknown, then: string): void => {
    if (!(error instanceof RangeError)) throw error;
    complaints.push(`Cannot use ip=${value}: ${error.message}, ${then}`);
  };
  const optional: Optional = (text, read) => {
    try {
      return text === undefined || text === "" ? undefined : read(text);
    } catch (error) {
      complain(error, "ignoring that");
      return undefined;
    }
  };
  // The value of a client identifier may have colons of its own.
  const fields = /^[a-z]+,/.test(value) ? [value] : splitFields(value);
  try {
    return { request: readForm(fields, optional), complaints };
  } catch (error) {
    complain(error, "using DHCP");
    return { request: fallBack(fields), complaints };
  }
}

function readForm(fields: readonly string[], optional: Optional): InterfaceRequest {
  const [first = "", second] = fields;
  if (isAddressForm(fields)) return readAddressForm(fields, optional);
  if (second === undefined) return { ...readLoneMethod(first), ...NOTHING };
  const [, , mtu, mac] = fields;
  return {
    device: readDevice(first),
    ...readMethod(second),
    ...present("mtu", optional(mtu, readMtu)),
    ...present("mac", optional(mac, readMac)),
    ...NOTHING,
  };
}

/** `<client>:<server or peer>:<gateway>:<mask>:<host>:<device>:<autoconf>` and what follows it. */
function readAddressForm(fields: readonly string[], optional: Optional): InterfaceRequest {
  const [client = "", peer = "", gateway = "", mask = "", hostname, device = "", autoconf = "", ...more] =
    fields;
  const { method } = readMethod(autoconf);
  const common = {
    ...(device !== "" && { device: readDevice(device) }),
    ...present("hostname", optional(hostname, readHostname)),
    ...readTail(more, optional),
  };
  const own = optionalIp("the client address", client);
  if (own === undefined) return { ...common, method };
  if (method === "ipv6" || (method === "dhcp" && autoconf !== "")) {
    return { ...common, method, ...(own.family === 4 && { wanted: own.address }) };
  }
  const address = { family: own.family, address: own.address, prefix: readMask(mask, own) };
  checkHost(address);
  const through = optionalIp("the gateway", gateway);
  if (through && through.family !== own.family)
    refuse("the gateway", gateway, `an IPv${own.family} address was`);
  const other = optional(peer, (text) => readIp("the peer", text));
  return {
    ...common,
    method: "static",
    address: {
      ...address,
      ...(through && { gateway: through.address }),
      ...(other?.prefix !== undefined && { peer: { destination: other.address, prefix: other.prefix } }),
    },
  };
}

/** The kernel's `<dns0>:<dns1>:<ntp0>`, or dracut's `<mtu>:<mac>` or `<dns1>:<dns2>`. */
function readTail(
  [eighth = "", ninth = "", tenth = ""]: readonly string[],
  optional: Optional,
): Pick<InterfaceRequest, "mtu" | "mac" | "dns" | "ntp"> {
  const isMac = /^([0-9a-f]{2}[:-]){5}/i.test(ninth);
  if (isMac || /^\d+$/.test(eighth)) {
    return {
      ...NOTHING,
      ...present("mtu", optional(eighth, readMtu)),
      ...present("mac", optional(ninth, readMac)),
    };
  }
  const host = (field: string) => (text: string) => readHost(field, text).address;
  const dns = [eighth, ninth].flatMap((text) => optional(text, host("the name server")) ?? []);
  return { dns, ntp: [optional(tenth, host("the time server")) ?? []].flat() };
}

/** 0.0.0.0 is how PXE and the kernel write "none". */
function optionalIp(field: string, text: string): Ip | undefined {
  return text === "" || text === "0.0.0.0" ? undefined : readHost(field, text);
}

function checkHost({ family, address, prefix }: StaticAddress): void {
  if (family === 6 || prefix >= 31) return;
  const reserved = [networkOf(address, prefix), broadcastOf(address, prefix)];
  if (reserved.includes(address))
    refuse("the client address", `${address}/${prefix}`, "the address of a host was");
}

function readHostname(text: string): string {
  return isHostname(text) ? text : refuse("the host name", text, "one of letters, digits and hyphens was");
}

/** Whether the first field is an address, or the place of one. */
function isAddressForm(fields: readonly string[]): boolean {
  const [first = ""] = fields;
  return isAddressLike(first) || fields.length > 4 || (first === "" && fields.length > 1);
}

/** An address, or what was meant to be one. */
function isAddressLike(text: string): boolean {
  return /^[\d./]+$|^\[/.test(text);
}

function fallBack(fields: readonly string[]): InterfaceRequest {
  const [first = ""] = fields;
  const named = isAddressForm(fields) ? fields[5] : fields.length > 1 ? first : undefined;
  try {
    return { ...(named && { device: readDevice(named) }), method: "dhcp", ...NOTHING };
  } catch {
    return { method: "dhcp", ...NOTHING };
  }
}
