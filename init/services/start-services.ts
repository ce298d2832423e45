import { allowsMoves } from "../../cluster/jobs/moves.ts";
import type { Mode } from "../../modes/mode.ts";
import type { ServiceSetting } from "../../modes/service.ts";
import { type ServiceName, servicesOf } from "../../modes/services.ts";
import { present } from "../../system/optional.ts";
import type { Access } from "../../system/state/access.ts";
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

/** Starts the services of a mode that the options switch on, and shows on the node's screen what it offers others. */
export function startServices({ services }: Pick<Mode, "services">, context: StartContext): void {
  const { options, consoles, access, hasKey, supervisor, node } = context;
  const setting = {
    ...settingOf({ ...options, serve: node.serve }, consoles, access),
    ...jobsOf(options, hasKey),
  };
  for (const service of servicesOf(services, setting)) supervisor.start(service);
  const has = (name: ServiceName) => services.includes(name);
  if (has("clumpserve") && node.serve) node.showServing(node.serve);
  if (has("clumpweb") && options.web !== undefined) {
    const isOpen = access !== undefined && access.password === undefined;
    node.status.show({ web: { port: options.web, isOpen } });
  }
}

function jobsOf({ moves }: Pick<BootOptions, "moves">, hasKey: boolean): Pick<ServiceSetting, "jobs"> {
  if (!allowsMoves(moves, hasKey)) return {};
  return { jobs: hasKey ? "with key" : "open" };
}

/** What the table of services is given of the options of this boot. */
export function settingOf(
  options: Pick<BootOptions, "shellPassword" | "ssh" | "web" | "discovery" | "control"> & {
    readonly serve: BootOptions["serve"] | undefined;
  },
  consoles: readonly string[],
  access: Access | undefined,
): ServiceSetting {
  const { shellPassword, ssh, web, serve, discovery, control } = options;
  return {
    consoles,
    locksShells: shellPassword !== undefined,
    ...present("access", access),
    ...present("ssh", ssh),
    ...present("web", web),
    ...present("serve", serve),
    ...present("discovery", discovery),
    ...present("control", control),
  };
}
