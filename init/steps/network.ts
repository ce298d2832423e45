import type { Drivers } from "../../probes/drivers.ts";
import type { NetworkChange } from "../../probes/network/change.ts";
import { type NetworkProbe, startNetwork } from "../../probes/network.ts";
import { createLayout } from "../../probes/network-options/layout.ts";
import type { Machine } from "../../system/machine.ts";
import type { BootOptions } from "../options/boot-options.ts";

/** Starts all interfaces as the command line has them, and has the node follow them until the signal. @throws SyscallError */
export function bringUpNetwork(
  machine: Machine,
  context: {
    readonly options: BootOptions;
    readonly drivers: Drivers | undefined;
    readonly node: {
      nameAt(address: string | undefined): string | undefined;
      join(network: NetworkProbe): void;
      update(network: NetworkProbe, change: NetworkChange): Promise<void>;
      readonly status: { refresh(): void };
    };
    readonly signal: AbortSignal;
  },
): void {
  const { options, drivers, node, signal } = context;
  const { network, preferredNics, bootedFrom } = options;
  const settled = drivers?.settled("everything");
  const probe = startNetwork(machine, {
    plan: createLayout(machine, network, {
      preferred: preferredNics.map(({ name }) => name),
      ...(settled && { settled }),
      signal,
    }),
    preferredNics,
    nameAt: (address) => node.nameAt(address),
    ...(bootedFrom && { bootedFrom }),
    ...(settled && { driversSettled: settled }),
    signal,
    changed: (network, change) => void node.update(network, change),
    refreshed: () => node.status.refresh(),
  });
  node.join(probe);
}
