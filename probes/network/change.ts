/** Notifications of the network: each says what has changed. */

import type { Nic } from "./nic.ts";

export type NetworkChange =
  /** Another NIC is the primary NIC, or there is no primary NIC any more. */
  | { readonly kind: "primary"; readonly nic: Nic | undefined }
  /** A NIC's lease was granted, was replaced by a different lease, or has ended. */
  | { readonly kind: "lease"; readonly nic: Nic }
  /** A NIC appeared or is gone, or its carrier, name, DHCP state or idleness changed. */
  | { readonly kind: "nic"; readonly nic: Nic }
  /** The answer of `problems()` changed: because of one NIC, or of the whole network. */
  | { readonly kind: "problem"; readonly nic?: Nic };

/** The changes from one snapshot of a NIC to the next; none if only texts for a screen, or times, differ. */
export function changesBetween(before: Nic, nic: Nic): NetworkChange[] {
  const isSame = (...keys: readonly (keyof Nic)[]): boolean => keys.every((key) => before[key] === nic[key]);
  const isSameLink = before.link.carrier === nic.link.carrier && before.link.name === nic.link.name;
  return [
    ...(Bun.deepEquals(before.lease, nic.lease) ? [] : [{ kind: "lease", nic } as const]),
    ...(isSame("state", "idle") && isSameLink ? [] : [{ kind: "nic", nic } as const]),
    ...(isSame("conflict") ? [] : [{ kind: "problem", nic } as const]),
  ];
}
