import { allowsMoves } from "../../cluster/moves-switch.ts";
import type { Mode } from "../../modes/mode.ts";
import type { ServiceSetting } from "../../modes/service.ts";
import { type ServiceName, servicesOf } from "../../modes/services.ts";
import { present } from "../../system/optional.ts";
import type { Access } from "../../system/state/access.ts";
import type { NodeStatus } from "../../system/state/node-status.ts";
import type { Node } from "../node/node.ts";
import type { BootOptions } from "../options/boot-options.ts";
import type { Supervisor } from "./supervisor.ts";

export interface StartContext {
  readonly options: BootOptions;
  readonly consoles: readonly string[];
  readonly access: Access | undefined;
  /** Whether the cluster has a key. */
  readonly hasKey: boolean;
  readonly supervisor: Pick<Supervisor, "start">;
  readonly node: Node;
}

/**
 * Starts the services of a mode that the options switch on. The node's screen shows what the node offers others once the
 * service is ready.
 */
export function startServices({ services }: Pick<Mode, "services">, context: StartContext): void {
  const { options, consoles, access, hasKey, supervisor, node } = context;
  const setting = {
    ...settingOf({ ...options, serve: node.serve }, consoles, access),
    ...jobsOf(options, hasKey),
  };
  const shown: Partial<Record<ServiceName, () => void>> = {
    clumpserve: () => node.showServing(node.serve),
    clumpweb: () => node.status.show(webOf(options.web, access)),
  };
  for (const name of services)
    for (const service of servicesOf([name], setting)) supervisor.start(service, shown[name]);
}

function webOf(port: number | undefined, access: Access | undefined): Pick<NodeStatus, "web"> {
  return port === undefined
    ? {}
    : { web: { port, isOpen: access !== undefined && access.password === undefined } };
}

/** Whether this node may send processes to others or take theirs before it ends. */
export function movesProcesses(
  { services }: Pick<Mode, "services">,
  { moves }: Pick<BootOptions, "moves">,
  hasKey: boolean,
): boolean {
  return services.includes("clumpjobs") && allowsMoves(moves, hasKey);
}

function jobsOf(
  { moves, balance = "on", root }: Pick<BootOptions, "moves" | "balance" | "root">,
  hasKey: boolean,
): Pick<ServiceSetting, "jobs" | "balance" | "root"> {
  if (!allowsMoves(moves, hasKey)) return {};
  return { jobs: hasKey ? "with key" : "open", balance, ...present("root", root) };
}

/** What the table of services is given of the options of this boot. */
export function settingOf(
  options: Pick<
    BootOptions,
    "shellPassword" | "ssh" | "slurm" | "web" | "discovery" | "control" | "guests" | "demo" | "topology"
  > & {
    readonly serve: BootOptions["serve"] | undefined;
  },
  consoles: readonly string[],
  access: Access | undefined,
): ServiceSetting {
  const { shellPassword, ssh, slurm, web, serve, discovery, control, guests, demo, topology } = options;
  return {
    consoles,
    locksShells: shellPassword !== undefined,
    ...present("access", access),
    ...present("ssh", ssh),
    ...present("slurm", slurm),
    ...present("web", web),
    ...present("serve", serve),
    ...present("discovery", discovery),
    ...present("topology", topology),
    ...present("control", control),
    ...present("guests", guests),
    ...present("demo", demo),
  };
}
