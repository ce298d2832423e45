/** What a change of the network concerns, for those that follow it. */

import type { Nic } from "./nic.ts";

export type NetworkChange =
  /** Another NIC is the primary one, or none is any more. */
  | { readonly kind: "primary"; readonly nic: Nic | undefined }
  /** The lease of a NIC was granted, is another one, or has ended. */
  | { readonly kind: "lease"; readonly nic: Nic }
  /** A NIC appeared or is gone, or its carrier, name, DHCP state or idleness is another. */
  | { readonly kind: "nic"; readonly nic: Nic }
  /** What `problems()` answers is different: of one NIC, or of the network. */
  | { readonly kind: "problem"; readonly nic?: Nic };

/** What became different about one NIC; none where only words for a screen, or times, did. */
export function changesBetween(before: Nic, nic: Nic): NetworkChange[] {
  const isSame = (...keys: readonly (keyof Nic)[]): boolean => keys.every((key) => before[key] === nic[key]);
  const isSameLink = before.link.carrier === nic.link.carrier && before.link.name === nic.link.name;
  return [
    ...(Bun.deepEquals(before.lease, nic.lease) ? [] : [{ kind: "lease", nic } as const]),
    ...(isSame("state", "idle") && isSameLink ? [] : [{ kind: "nic", nic } as const]),
    ...(isSame("conflict") ? [] : [{ kind: "problem", nic } as const]),
  ];
}
