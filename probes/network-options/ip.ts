/**
 * `ip=` in the forms of the kernel (Documentation/admin-guide/nfs/nfsroot.rst), of dracut.cmdline(7), and of
 * PXELINUX's SYSAPPEND, which is the kernel's with four fields.
 */

import { isHostname } from "../../system/address/hostname.ts";
import { broadcastOf, networkOf } from "../../system/address/ipv4.ts";
import { present } from "../../system/optional.ts";
import {
  type Ip,
  type Parsed,
  PartReader,
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
import { isMethod, readLoneMethod, readMethod } from "./method.ts";

const NOTHING = { dns: [], ntp: [] } as const;
/** How a complaint ends that costs the address or the method. */
const USING_DHCP = "using DHCP";

/**
 * The request of one `ip=`, and a sentence for each field that cannot be used. An address or a method that cannot be
 * read becomes DHCP; all other fields are kept.
 */
export function parseIp(value: string): Parsed<InterfaceRequest> {
  const reader = new PartReader();
  // The value of a client identifier may have colons of its own.
  const fields = /^[a-z]+,/.test(value) ? [value] : splitFields(value);
  const request = withoutSharedMac(readForm(fields, reader), reader);
  return {
    request,
    complaints: reader.complaints.map((complaint) => `Cannot use ip=${value}: ${complaint}`),
  };
}

function readForm(fields: readonly string[], reader: PartReader): InterfaceRequest {
  const [first = "", second, mtu, mac] = fields;
  if (isAddressForm(fields)) return readAddressForm(fields, reader);
  if (second === undefined)
    return { ...(reader.try(() => readLoneMethod(first), USING_DHCP) ?? { method: "dhcp" }), ...NOTHING };
  const device = first === "" ? undefined : reader.try(() => readDevice(first), USING_DHCP);
  return {
    ...present("device", device),
    ...(reader.try(() => readMethod(second), USING_DHCP) ?? { method: "dhcp" }),
    ...present("mtu", reader.field(mtu, readMtu)),
    ...present("mac", reader.field(mac, readMac)),
    ...NOTHING,
  };
}

/** `<client>:<server or peer>:<gateway>:<mask>:<host>:<device>:<autoconf>` and what follows it. */
function readAddressForm(fields: readonly string[], reader: PartReader): InterfaceRequest {
  const [, , , , hostname, device = "", , ...more] = fields;
  const configuration = reader.try(() => readConfiguration(fields, reader), USING_DHCP);
  return {
    ...(configuration ?? { ...present("device", deviceOf(device)), method: "dhcp" }),
    ...present("hostname", reader.field(hostname, readHostname)),
    ...readTail(more, reader),
  };
}

/** The fields without which there is no fixed address. @throws RangeError */
function readConfiguration(
  [client = "", peer = "", gateway = "", mask = "", , device = "", autoconf = ""]: readonly string[],
  reader: PartReader,
): Pick<InterfaceRequest, "device" | "method" | "wanted" | "address"> {
  const { method } = readMethod(autoconf);
  const common = device === "" ? {} : { device: readDevice(device) };
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
  const other = reader.field(peer, (text) => readIp("the peer", text));
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
  reader: PartReader,
): Pick<InterfaceRequest, "mtu" | "mac" | "dns" | "ntp"> {
  const isMac = /^([0-9a-f]{2}[:-]){5}/i.test(ninth);
  if (isMac || /^\d+$/.test(eighth)) {
    return {
      ...NOTHING,
      ...present("mtu", reader.field(eighth, readMtu)),
      ...present("mac", reader.field(ninth, readMac)),
    };
  }
  const host = (field: string) => (text: string) => readHost(field, text).address;
  const dns = [eighth, ninth].flatMap((text) => reader.field(text, host("the name server")) ?? []);
  return { dns, ntp: [reader.field(tenth, host("the time server")) ?? []].flat() };
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

/** Whether the first field is an address, or the place of one; `:dhcp:9000` is for all interfaces instead. */
function isAddressForm(fields: readonly string[]): boolean {
  const [first = "", second = ""] = fields;
  const isForAll = first === "" && isMethod(second);
  return isAddressLike(first) || fields.length > 4 || (first === "" && fields.length > 1 && !isForAll);
}

/** Whether a text is an address, or was meant to be one. */
function isAddressLike(text: string): boolean {
  return /^[\d./]+$|^\[/.test(text);
}

/** `undefined` for a text that names no interface. */
function deviceOf(text: string): string | undefined {
  return text === "" ? undefined : new PartReader().try(() => readDevice(text));
}

/** Two interfaces cannot have one MAC. */
function withoutSharedMac(request: InterfaceRequest, reader: PartReader): InterfaceRequest {
  const { mac, ...rest } = request;
  if (mac === undefined || rest.device !== undefined || rest.method === "static") return request;
  reader.try(() => refuse("the MAC", mac, "an interface for it was"));
  return rest;
}
