/** The plan of one link, from the decision on its options. */

import type { Lease } from "../dhcp/lease.ts";
import type { Ipv6Setup } from "../network/ipv6.ts";
import type { LinkPlan } from "../network/plan.ts";
import type { Decision } from "./decision.ts";
import { amendLease, fixedLease, plainRoute } from "./fixed-lease.ts";
import type { NetworkOptions } from "./options.ts";

export interface LinkSituation {
  /** Whether this name, MAC or PCI address is the link's. */
  isNamed(device: string): boolean;
  /** Names of the VLANs on the link. */
  readonly carried: readonly string[];
  /** Another link has, or may get, a fixed address that names no interface. */
  readonly isWaiting: boolean;
  /** No other interface is expected, in whose favour this link would be left alone. */
  readonly isSettled: boolean;
}

export function planLink(
  { interfaces, routes, peerDns }: Pick<NetworkOptions, "interfaces" | "routes" | "peerDns">,
  decision: Decision,
  { isNamed, carried, isWaiting, isSettled }: LinkSituation,
): LinkPlan {
  const wishes = { decision, routes, peerDns, isNamed };
  const ipv6 = setupIpv6(decision, wishes);
  const more = ipv6.addresses.length > 0 ? { ipv6 } : {};
  if (decision.kind === "ipv6") return { kind: "ipv6", ipv6 };
  if (decision.kind === "dhcp") {
    const { wanted, clientId } = decision;
    return {
      kind: "dhcp",
      amend: (lease: Lease) => amendLease(lease, wishes),
      ...(wanted && { wanted }),
      ...(clientId && { clientId: encodeClientId(clientId) }),
      ...more,
    };
  }
  if (decision.v4 !== undefined) return { kind: "static", lease: fixedLease(decision.v4, wishes), ...more };
  if (carried.length > 0)
    return { kind: "idle", idle: "for good", text: `carrying ${carried.join(", ")}`, up: true };
  const isOff = interfaces.some(({ device }) => device !== undefined && isNamed(device));
  return isWaiting && !isOff
    ? { kind: "idle", idle: "for now", text: "left alone while another has the address of ip=", up: true }
    : { kind: "idle", idle: isOff || isSettled ? "for good" : "for now", text: "left alone, as ip= asks" };
}

/** The value as text, as the kernel sends it (net/ipv4/ipconfig.c). */
function encodeClientId({ type, value }: NonNullable<Decision["clientId"]>): Uint8Array {
  return Uint8Array.of(type, ...new TextEncoder().encode(value));
}

function setupIpv6(
  { v6 }: Decision,
  { routes, isNamed }: Pick<NetworkOptions, "routes"> & Pick<LinkSituation, "isNamed">,
): Ipv6Setup {
  const own = routes.filter(
    ({ family, device }) => family === 6 && (device === undefined ? v6.length > 0 : isNamed(device)),
  );
  return {
    addresses: v6.map(({ address, prefix }) => ({ address, prefix })),
    routes: [
      ...v6.flatMap(({ gateway }) => (gateway ? [{ destination: "::", prefix: 0, gateway }] : [])),
      ...own.map(plainRoute),
    ],
  };
}
