/** The network options of the kernel command line, in the forms of the kernel, of dracut and of PXELINUX. */

import { BOOLEAN_WANTED, parseBoolean } from "../../system/boolean.ts";
import { type BondRequest, parseBond } from "./bond.ts";
import { type BridgeRequest, parseBridge } from "./bridge.ts";
import { type Parsed, readDevice, readHost, readMac, readName, refuse, splitFields } from "./field.ts";
import type { InterfaceRequest, StaticAddress } from "./interface-request.ts";
import { parseIp } from "./ip.ts";
import { parseRoute, type RouteRequest } from "./route.ts";
import { parseVlan, type VlanRequest } from "./vlan.ts";

export interface NetworkOptions {
  readonly interfaces: readonly InterfaceRequest[];
  readonly vlans: readonly VlanRequest[];
  readonly bonds: readonly BondRequest[];
  readonly bridges: readonly BridgeRequest[];
  readonly routes: readonly RouteRequest[];
  /** New names for interfaces with these MACs. */
  readonly names: readonly { readonly name: string; readonly mac: string }[];
  /** `bootdev=`, a preferred NIC: name, MAC or PCI address. */
  readonly bootDevice?: string;
  /** Whether `BOOTIF=` counts. */
  readonly usesBootif: boolean;
  /** The address with which the boot loader fetched this system, for DHCP to ask for. */
  readonly pxe?: StaticAddress;
  readonly hostname?: string;
  readonly nameservers: readonly string[];
  /** Whether the name servers of leases count. */
  readonly peerDns: boolean;
  /** How long the boot waits for an address; absent for the default. */
  readonly waitSeconds?: number;
  /** One sentence for each option, or part of an option, that could not be used. */
  readonly complaints: readonly string[];
}

/** Client, boot server, gateway and mask. */
const PXE_FIELDS = 4;
/** A day: timers of more than 24 would fire at once. */
const LONGEST_WAIT_SECONDS = 86_400;

/** The options as far as they have been read. */
class Draft {
  readonly interfaces: InterfaceRequest[] = [];
  readonly vlans: VlanRequest[] = [];
  readonly bonds: BondRequest[] = [];
  readonly bridges: BridgeRequest[] = [];
  readonly routes: RouteRequest[] = [];
  readonly names: { readonly name: string; readonly mac: string }[] = [];
  readonly nameservers: string[] = [];
  readonly complaints: string[] = [];
  bootDevice: string | undefined;
  hasBootif = false;
  /** An `ip=` in the form that boot loaders write. */
  fromPxe: InterfaceRequest | undefined;
  peerDns = true;
  usesBootif = true;
  dhcpSeconds: number | undefined;
  dhcpTries = 1;
  carrierSeconds = 0;

  /** The request of an option of which some parts could not be read. */
  take<T>(word: string, { request, complaints }: Parsed<T>): T {
    this.complaints.push(...complaints.map((complaint) => `Cannot use ${word}: ${complaint}`));
    return request;
  }
}

/** Readers by the name of the option; each takes the option's value. @throws RangeError that says what was wanted */
const READERS: Readonly<Record<string, (draft: Draft, value: string) => void>> = {
  ip: addInterface,
  /** The first name of `ip=`, which the kernel still takes. */
  nfsaddrs: addInterface,
  vlan: (draft, value) => replaceNamed(draft.vlans, parseVlan(value)),
  bond: (draft, value) => replaceNamed(draft.bonds, draft.take(`bond=${value}`, parseBond(value))),
  team: () => absent("a team of interfaces: bond= makes a bond"),
  bridge: (draft, value) => replaceNamed(draft.bridges, draft.take(`bridge=${value}`, parseBridge(value))),
  "rd.route": (draft, value) => void draft.routes.push(parseRoute(value)),
  ifname(draft, value) {
    const [name = "", mac = ""] = splitFields(value);
    replaceNamed(draft.names, { name: readName("the name", name), mac: readMac(mac) });
  },
  nameserver: (draft, value) => void draft.nameservers.push(readHost("the name server", value).address),
  bootdev(draft, value) {
    draft.bootDevice = readDevice(value);
  },
  BOOTIF(draft) {
    draft.hasBootif = true;
  },
  "rd.bootif"(draft, value) {
    draft.usesBootif = readBoolean(value);
  },
  "rd.peerdns"(draft, value) {
    draft.peerDns = readBoolean(value);
  },
  "rd.net.timeout.dhcp"(draft, value) {
    draft.dhcpSeconds = readNumber(value);
  },
  "rd.net.timeout.carrier"(draft, value) {
    draft.carrierSeconds = readNumber(value);
  },
  "rd.net.dhcp.retry"(draft, value) {
    draft.dhcpTries = Math.max(1, readNumber(value));
  },
};

/** What a name means without a value; a bare word of any other name is none of these options. */
const BARE: ReadonlyMap<string, string> = new Map([
  ["bond", ""],
  ["bridge", ""],
  ["rd.peerdns", "1"],
  ["rd.bootif", "1"],
]);

/** Names of the options that are read here. */
export const NETWORK_OPTION_NAMES: readonly string[] = Object.keys(READERS);

/** Reads the network options among the parameters of the kernel command line; an unusable value leaves a complaint. */
export function readNetworkOptions(words: readonly string[]): NetworkOptions {
  const draft = new Draft();
  for (const word of words) {
    const [name = "", ...rest] = word.split("=");
    const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
    const value = rest.length > 0 ? rest.join("=") : BARE.get(name);
    if (read === undefined || value === undefined) continue;
    try {
      read(draft, value);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      draft.complaints.push(`Cannot use ${word}: ${error.message}, ignoring`);
    }
  }
  return finish(draft);
}

function finish(draft: Draft): NetworkOptions {
  const { vlans, bonds, bridges, routes, names, nameservers, peerDns, usesBootif, complaints, bootDevice } =
    draft;
  const pxe = draft.hasBootif && draft.usesBootif ? draft.fromPxe : undefined;
  const interfaces = draft.interfaces.filter((request) => request !== pxe);
  const hostname = interfaces.findLast((request) => request.hostname !== undefined)?.hostname;
  const wanted = Math.max((draft.dhcpSeconds ?? 0) * draft.dhcpTries, draft.carrierSeconds);
  const waitSeconds = Math.min(wanted, LONGEST_WAIT_SECONDS);
  return {
    ...{ interfaces, vlans, bonds, bridges, routes, names, nameservers, peerDns, usesBootif, complaints },
    ...(bootDevice !== undefined && { bootDevice }),
    ...(pxe?.address && { pxe: pxe.address }),
    ...(hostname !== undefined && { hostname }),
    ...(waitSeconds > 0 && { waitSeconds }),
  };
}

function addInterface(draft: Draft, value: string): void {
  const { request, complaints } = parseIp(value);
  draft.interfaces.push(request);
  // SYSAPPEND 1 of PXELINUX and the scripts of iPXE write so much and no more: no interface, no method.
  const isBrief = splitFields(value).length <= PXE_FIELDS;
  if (isBrief && request.method === "static" && request.address?.family === 4) draft.fromPxe = request;
  draft.complaints.push(...complaints);
}

function absent(what: string): never {
  throw new RangeError(`it asks for ${what}`);
}

/** The last of a name wins. */
function replaceNamed<T extends { readonly name: string }>(list: T[], added: T): void {
  const at = list.findIndex(({ name }) => name === added.name);
  if (at === -1) list.push(added);
  else list[at] = added;
}

function readBoolean(value: string): boolean {
  return parseBoolean(value) ?? refuse("it", value, `${BOOLEAN_WANTED} was`);
}

/** Seconds, or tries. */
function readNumber(value: string): number {
  if (value === "infinity") return LONGEST_WAIT_SECONDS;
  return /^\d{1,5}$/.test(value) ? Number(value) : refuse("it", value, "a number of seconds was");
}
