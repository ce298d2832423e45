import type { Drivers } from "../../probes/drivers.ts";
import type { Nic } from "../../probes/network/nic.ts";
import type { NetworkProbe } from "../../probes/network.ts";
import type { NetworkOptions } from "../../probes/network-options/options.ts";
import type { StepLimit } from "../../system/step.ts";

/** How long the mode waits for a first lease; then it is entered without, and the node goes on asking. */
const LEASE_SECONDS = 10;

/** The limit of the wait, which `rd.net.timeout.dhcp=` may set. */
export function leaseLimit({
  network,
}: {
  readonly network: Pick<NetworkOptions, "waitSeconds">;
}): StepLimit {
  return { within: (network.waitSeconds ?? LEASE_SECONDS) * 1_000 };
}

/**
 * Waits for the first lease.
 * @throws Error at once when every driver is in and there is no network adapter that could get one
 */
export async function waitForLease(
  network: NetworkProbe | undefined,
  drivers: Drivers | undefined,
): Promise<void> {
  if (network === undefined) throw new Error("the network is not up");
  const { promise: noAdapter, reject } = Promise.withResolvers<never>();
  const look = (): void => {
    const nics = network.nics();
    if (nics.every(({ idle }) => idle === "for good")) reject(new Error(describeIdle(nics)));
  };
  // In the next turn: what waits for the drivers too may have given an interface another plan by then.
  drivers?.settled("everything").then(() => void setImmediate(look), reject);
  await Promise.race([network.leased, noAdapter]);
}

function describeIdle(nics: readonly Nic[]): string {
  if (nics.length === 0) return "there is no network adapter with a driver";
  return nics.map(({ link, text }) => `${link.name} is ${text}`).join(", ");
}
