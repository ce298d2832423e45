import type { Balance, Topology } from "../cluster/balance/switch.ts";
import type { Guests, Root } from "../cluster/moves-switch.ts";
import type { Discovery } from "../cluster/view.ts";
import type { Access } from "../system/state/access.ts";
import type { SshRequest } from "./access/ssh-request.ts";
import type { ServeRequest } from "./serve/serve-request.ts";
import type { SlurmRequest } from "./slurm/slurm-request.ts";

/** The options of a node's services; an entry of the table whose option is absent does not run. */
export interface ServiceSetting {
  /** "/dev/tty1", "/dev/ttyS0". */
  readonly consoles: readonly string[];
  /** Whether a shell asks for a password before it opens. */
  readonly locksShells: boolean;
  /** Absent where no viewer is let in from outside. */
  readonly access?: Access;
  /** Whom the ssh server lets in. */
  readonly ssh?: SshRequest;
  /** The Slurm cluster that this node is in too. */
  readonly slurm?: SlurmRequest;
  /** TCP port of the web view. */
  readonly web?: number;
  /** How this node boots other PCs. */
  readonly serve?: ServeRequest;
  /** The source of node numbers. */
  readonly discovery?: Discovery;
  /** Whether processes move, and whether strangers' do; absent where none does. */
  readonly jobs?: "with key" | "open";
  /** Whether the cluster moves processes of this node by itself; absent where no process moves. */
  readonly balance?: Balance;
  /** Whether processes of other nodes run here. */
  readonly guests?: Guests;
  /** Whether root's processes leave this node; absent for yes. */
  readonly root?: Root;
  /** Processes that compute on this node for a demo of moves. */
  readonly demo?: number;
  /** Whether this node sends processes away, takes them, or both; absent for both. */
  readonly topology?: Topology;
  /** Address and port on which clumpd takes commands. */
  readonly control?: { readonly address: string; readonly port: number };
}

/** A program that a mode keeps running. */
export interface Service {
  /** As the log names it: "shell on /dev/tty1". */
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** The console that becomes its standard input, output and error. */
  readonly console?: string;
  /** TCP port of the listening socket on its standard input. Such a service may end while it has no connection. */
  readonly listens?: number;
  /** It writes a newline to descriptor 3 when it is ready; a service without this is ready as soon as it runs. */
  readonly reportsReady?: boolean;
  /** Names of the services that become ready before this one is started, as far as they run on this node. */
  readonly after?: readonly string[];
  /** What follows an end with status 0; after any other end the supervisor restarts the service. */
  readonly whenDone: "start again" | "power off";
}
