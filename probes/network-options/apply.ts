/** Applies the changes of a plan: the only file of the network options that changes links of the kernel. */

import { writeFileSync } from "node:fs";
import type { Network } from "../../system/kernel/kernel.ts";
import { reason } from "../../system/log.ts";
import { switchIpv6 } from "../network/ipv6.ts";
import type { BondOption, BondRequest } from "./bond.ts";
import { type Change, describeChange, keyOf, type MasterRequest } from "./change.ts";

export interface Surroundings {
  readonly network: Network;
  readonly root: string;
  /** Takes what completes "Cannot …", and why. */
  readonly complain: (what: string, error: unknown) => void;
}

/** Applies changes in their order. What the kernel refuses leaves a complaint, and its reason under the change's key. */
export function applyChanges(
  changes: readonly Change[],
  surroundings: Surroundings,
): Map<string, string | undefined> {
  const outcomes = new Map<string, string | undefined>();
  for (const change of changes) {
    try {
      applyChange(change, surroundings);
      outcomes.set(keyOf(change), undefined);
    } catch (error) {
      surroundings.complain(describeChange(change), error);
      outcomes.set(keyOf(change), reason(error));
    }
  }
  return outcomes;
}

/** @throws SyscallError */
function applyChange(change: Change, surroundings: Surroundings): void {
  const { network } = surroundings;
  switch (change.do) {
    case "rename":
      // The kernel renames no link that is up.
      network.setLink(change.index, { up: false });
      network.setLink(change.index, { name: change.to });
      break;
    case "make":
      make(change.master, surroundings);
      break;
    case "join":
      join(change, surroundings);
      break;
    case "vlan":
      network.addLink({
        kind: "vlan",
        name: change.vlan.name,
        id: change.vlan.id,
        parent: change.parent.index,
      });
      break;
    case "mac":
      network.setLink(change.index, { address: Uint8Array.fromHex(change.mac.replaceAll(":", "")) });
      break;
    case "mtu":
      network.setLink(change.index, { mtu: change.mtu });
      break;
    default:
      change satisfies never;
  }
}

function make(master: MasterRequest, surroundings: Surroundings): void {
  const { kind, name } = master;
  const targets = kind === "bond" ? master.neighborTargets : undefined;
  surroundings.network.addLink({ kind, name, ...(targets && { neighborTargets: targets }) });
  if (kind === "bond") setUpBond(master, surroundings);
}

function join(
  { index, name, master }: Extract<Change, { do: "join" }>,
  { network, root }: Surroundings,
): void {
  // A bond takes no link that is up, and brings its members up itself; a bridge does not care.
  if (master.kind === "bond") network.setLink(index, { up: false });
  network.setLink(index, { master: master.index });
  if (master.kind === "bond") return;
  // A port has no addresses, but for that of IPv6 that the kernel gives each link that comes up (not those of bonds).
  switchIpv6(root, name, false);
  network.setLink(index, { up: true });
}

function setUpBond({ name, mtu, options }: BondRequest, surroundings: Surroundings): void {
  const { network, complain } = surroundings;
  for (const option of options) setOption(name, option, surroundings);
  if (mtu === undefined) return;
  try {
    const made = network.links().find((link) => link.name === name);
    if (made) network.setLink(made.index, { mtu });
  } catch (error) {
    complain(`give ${name} an MTU of ${mtu}`, error);
  }
}

/** Documentation/networking/bonding.rst, "Configuring Bonding Manually via Sysfs". */
function setOption(bond: string, [name, value]: BondOption, { root, complain }: Surroundings): void {
  const values = name === "arp_ip_target" ? value.split(";").map((target) => `+${target}`) : [value];
  for (const each of values) {
    try {
      writeFileSync(`${root}/sys/class/net/${bond}/bonding/${name}`, `${each}\n`);
    } catch (error) {
      complain(`set ${name}=${value} of ${bond}`, error);
    }
  }
}
