/** A bond or a bridge in the kernel: how one is made, and how it takes a member. */

import { writeFileSync } from "node:fs";
import type { Link, Network } from "../../system/kernel/kernel.ts";
import { switchIpv6 } from "../network/ipv6.ts";
import type { BondOption, BondRequest } from "./bond.ts";
import type { BridgeRequest } from "./bridge.ts";

export type MasterRequest =
  | ({ readonly kind: "bond" } & BondRequest)
  | ({ readonly kind: "bridge" } & BridgeRequest);

export interface Surroundings {
  readonly network: Network;
  readonly root: string;
  /** Takes a sentence that completes "Cannot …". */
  readonly complain: (what: string, error: unknown) => void;
}

/** Makes one without members, with what was asked of it; false where there is none. */
export function makeMaster(request: MasterRequest, { network, root, complain }: Surroundings): boolean {
  const { kind, name } = request;
  try {
    network.addLink({ kind, name });
  } catch (error) {
    complain(`make ${name}`, error);
    return false;
  }
  if (request.kind === "bond") setUpBond(request, { network, root, complain });
  return true;
}

/** @throws SyscallError */
export function enslave(
  { network, root }: Pick<Surroundings, "network" | "root">,
  { index, name }: Link,
  master: { readonly kind: MasterRequest["kind"]; readonly index: number },
): void {
  // A bond takes none that is up, and brings it up itself; a bridge does not care.
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
