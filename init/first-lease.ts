import type { Drivers } from "../probes/drivers.ts";
import type { NetworkProbe } from "../probes/network.ts";

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
  drivers?.settled("everything").then(() => {
    if (network.nics().length === 0) reject(new Error("there is no network adapter with a driver"));
  }, reject);
  await Promise.race([network.leased, noAdapter]);
}
