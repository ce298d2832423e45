/** The changes that a plan wants of the kernel's links, as data. */

import type { BondRequest } from "./bond.ts";
import type { BridgeRequest } from "./bridge.ts";
import type { VlanRequest } from "./vlan.ts";

export type MasterRequest =
  | ({ readonly kind: "bond" } & BondRequest)
  | ({ readonly kind: "bridge" } & BridgeRequest);

export type Change =
  | { readonly do: "rename"; readonly index: number; readonly from: string; readonly to: string }
  /** Makes an empty bond or bridge. */
  | { readonly do: "make"; readonly master: MasterRequest }
  | {
      readonly do: "join";
      readonly index: number;
      readonly name: string;
      readonly master: {
        readonly index: number;
        readonly name: string;
        readonly kind: MasterRequest["kind"];
      };
    }
  | {
      readonly do: "vlan";
      readonly vlan: VlanRequest;
      readonly parent: { readonly index: number; readonly name: string };
    }
  /** Six bytes as "52:54:00:12:34:56". */
  | { readonly do: "mac"; readonly index: number; readonly name: string; readonly mac: string }
  | { readonly do: "mtu"; readonly index: number; readonly name: string; readonly mtu: number };

/**
 * What became of the changes, by their key: `undefined` where the kernel took the change, or why it refused. A change
 * that has an outcome is not tried again.
 */
export type Outcomes = ReadonlyMap<string, string | undefined>;

/** The same for two changes that are the same attempt. */
export function keyOf(change: Change): string {
  switch (change.do) {
    case "rename":
      return `rename ${change.index} ${change.to}`;
    case "make":
      return `make ${change.master.name}`;
    case "join":
      return `join ${change.index} ${change.master.name}`;
    case "vlan":
      return `vlan ${change.vlan.name} ${change.parent.index}`;
    case "mac":
      return `mac ${change.index} ${change.mac}`;
    case "mtu":
      return `mtu ${change.index}`;
    default:
      return change satisfies never;
  }
}

/** Completes "Cannot …". */
export function describeChange(change: Change): string {
  switch (change.do) {
    case "rename":
      return `call ${change.from} ${change.to}`;
    case "make":
      return `make ${change.master.name}`;
    case "join":
      return `put ${change.name} in ${change.master.name}`;
    case "vlan":
      return `make ${change.vlan.name} on ${change.parent.name}`;
    case "mac":
      return `give ${change.name} the MAC ${change.mac}`;
    case "mtu":
      return `give ${change.name} an MTU of ${change.mtu}`;
    default:
      return change satisfies never;
  }
}
