/** What keeps the network from being as the command line asks for it, one sentence each. */

import { describeConflict } from "../arp/guard.ts";
import type { Nic } from "./nic.ts";
import type { NetworkPlan } from "./plan.ts";
import type { PreferredNic } from "./primary-nic.ts";

export function listProblems(
  nics: readonly Nic[],
  { missing, plan }: { readonly missing: readonly PreferredNic[]; readonly plan: NetworkPlan },
): string[] {
  const conflicts = nics.flatMap(({ link, lease, conflict }) =>
    lease && conflict ? [describeConflict({ name: link.name, address: lease.address, mac: conflict })] : [],
  );
  return [...listMissing(missing, nics), ...(plan.problems?.() ?? []), ...conflicts];
}

/** One sentence for each option that names a NIC that does not exist. */
export function listMissing(missing: readonly PreferredNic[], nics: readonly Nic[]): string[] {
  const here = nics.map(({ link, names }) => [link.name, ...names.slice(1, 2)].join(" or "));
  const others = here.length === 0 ? "is none" : `${here.length === 1 ? "is" : "are"} ${here.join(", ")}`;
  return missing.map(
    ({ option }) => `Cannot use ${option}: no network interface has that name, and there ${others}`,
  );
}
