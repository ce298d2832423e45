/** What all `ip=` options together request for one interface. */

import type { InterfaceRequest, StaticAddress } from "./interface-request.ts";
import type { NetworkOptions } from "./options.ts";

export interface Decision {
  /** "ipv6" is IPv6 alone, "off" nothing at all. */
  readonly kind: "dhcp" | "static" | "ipv6" | "off";
  /** Where `kind` is "static". */
  readonly v4?: StaticAddress;
  readonly v6: readonly StaticAddress[];
  /** The address that the DHCP client requests first. */
  readonly wanted?: string;
  readonly clientId?: InterfaceRequest["clientId"];
  readonly mtu?: number;
  readonly mac?: string;
  readonly dns: readonly string[];
  readonly ntp: readonly string[];
}

/** How an interface relates to the options. */
export interface Standing {
  /** Whether this name, MAC or PCI address is its. */
  isNamed(device: string): boolean;
  /** Whether a fixed address that names no interface is to be here. */
  readonly isHome: boolean;
}

/**
 * The decision for one interface that is ours to configure. If an `ip=` names an interface to configure, the other
 * interfaces are left alone, as with the kernel and dracut; an `ip=dhcp` brings them back. The last option wins.
 */
export function decide({ interfaces }: Pick<NetworkOptions, "interfaces">, standing: Standing): Decision {
  const own = interfaces.filter((request) => isOwn(request, standing));
  const general = interfaces.filter(isGeneral);
  const requests = own.length > 0 ? own : general;
  const merged = mergeDetails(own.length > 0 ? [...general, ...own] : general);
  const v6 = requests.flatMap(({ address }) => (address?.family === 6 ? [address] : []));
  const deciding = requests.findLast(({ address }) => address?.family !== 6);
  if (deciding?.method === "static" && deciding.address) {
    return { ...merged, kind: "static", v4: deciding.address, v6 };
  }
  if (deciding !== undefined) return { ...merged, kind: kindOf(deciding), v6 };
  if (v6.length > 0) return { ...merged, kind: "ipv6", v6 };
  return { ...merged, kind: interfaces.some(configuresOne) ? "off" : "dhcp", v6 };
}

/** Whether some `ip=` gives a fixed address without saying to which interface. */
export function hasHomeless({ interfaces }: Pick<NetworkOptions, "interfaces">): boolean {
  return interfaces.some(isHomeless);
}

function isOwn(request: InterfaceRequest, { isNamed, isHome }: Standing): boolean {
  return request.device === undefined ? isHome && isHomeless(request) : isNamed(request.device);
}

function isHomeless({ device, method }: InterfaceRequest): boolean {
  return device === undefined && method === "static";
}

/** Said of every interface. */
function isGeneral({ device, method }: InterfaceRequest): boolean {
  return device === undefined && method !== "static";
}

function configuresOne(request: InterfaceRequest): boolean {
  return !isGeneral(request) && request.method !== "none";
}

function kindOf({ method }: InterfaceRequest): Decision["kind"] {
  return method === "none" || method === "static" ? "off" : method;
}

function mergeDetails(requests: readonly InterfaceRequest[]): Omit<Decision, "kind" | "v4" | "v6"> {
  const last = <K extends keyof InterfaceRequest>(key: K): { readonly [key in K]?: InterfaceRequest[K] } => {
    const value = requests.findLast((request) => request[key] !== undefined)?.[key];
    return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]: InterfaceRequest[K] });
  };
  return {
    ...{ ...last("wanted"), ...last("clientId"), ...last("mtu"), ...last("mac") },
    dns: [...new Set(requests.flatMap(({ dns }) => dns))],
    ntp: [...new Set(requests.flatMap(({ ntp }) => ntp))],
  } as Omit<Decision, "kind" | "v4" | "v6">;
}
