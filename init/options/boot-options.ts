import type { Balance, Topology } from "../../cluster/balance/switch.ts";
import type { ControlAddress } from "../../cluster/daemon/control-address.ts";
import type { Span } from "../../cluster/map/prefix-map.ts";
import type { Guests, Moves, Root } from "../../cluster/moves-switch.ts";
import type { Discovery } from "../../cluster/view.ts";
import type { SshRequest } from "../../modes/access/ssh-request.ts";
import type { ModeName } from "../../modes/index.ts";
import type { ServeRequest } from "../../modes/serve/serve-request.ts";
import type { SlurmRequest } from "../../modes/slurm/slurm-request.ts";
import type { PreferredNic } from "../../probes/network/primary-nic.ts";
import type { NetworkOptions } from "../../probes/network-options/options.ts";
import type { VncUse } from "../../system/state/access.ts";
import type { Target } from "../../system/state/report-target.ts";
import type { Share } from "./share.ts";
import type { User } from "./user.ts";

/** The options of a boot, as the kernel command line has them. */
export interface BootOptions {
  /** Absent without an option for it. */
  readonly mode?: ModeName;
  /** Value of `clump.map=` as typed. */
  readonly map?: string;
  /** Value of `clump.map.span=`: the part of the network that the node's own map covers. */
  readonly span?: Span;
  /** Value of `clump.discovery=`: the source of node numbers. */
  readonly discovery?: Discovery;
  /** Value of `clump.moves=`: whether processes move also without a key, or not at all. */
  readonly moves?: Moves;
  /** Value of `clump.balance=`: whether the cluster moves processes of this node by itself. */
  readonly balance?: Balance;
  /** Value of `clump.guests=`: whether processes of other nodes run here. */
  readonly guests?: Guests;
  /** Value of `clump.root=`: whether root's processes leave this node, and its files are served to nodes with the key. */
  readonly root?: Root;
  /** Value of `clump.demo=`: processes that compute on this node. */
  readonly demo?: number;
  /** Value of `clump.topology=`: whether this node sends processes away, takes them, or both. */
  readonly topology?: Topology;
  /** Value of `clump.control=`: where clumpd takes commands over TCP. */
  readonly control?: ControlAddress;
  readonly hostname?: string;
  /** Value of `clump.hostname=`: a name with `%d` for the node number. */
  readonly hostnamePattern?: string;
  readonly network: NetworkOptions;
  /** The cluster key. */
  readonly key?: string;
  /** The password for VNC and the web view, or "none" for no password. */
  readonly password?: string;
  /** Preferred primary NICs, the most preferred first. */
  readonly preferredNics: readonly PreferredNic[];
  /** The interface from which the boot loader fetched this system, with the address it had. */
  readonly bootedFrom?: { readonly nic: string; readonly address: string };
  /** Rights of VNC viewers; absent where VNC is off. */
  readonly vnc?: VncUse;
  /** Password of every shell; absent where shells ask for none. */
  readonly shellPassword?: string;
  /** Names of modules that are not loaded. */
  readonly blacklist: readonly string[];
  /** Seconds between a failed boot and the restart; without it a shell opens. */
  readonly panicSeconds?: number;
  readonly debug: boolean;
  /** Whether the log says what the boot did when. */
  readonly trace: boolean;
  /** Target of the boot's report. */
  readonly report?: Target;
  /** How this node boots other PCs; absent where it boots none. */
  readonly serve?: ServeRequest;
  /** Whom the node lets in by ssh; absent where nobody. */
  readonly ssh?: SshRequest;
  /** Value of `clump.slurm=`: the Slurm cluster that this node is in too. */
  readonly slurm?: SlurmRequest;
  /** Values of `clump.mount=`: shares that this node mounts. */
  readonly shares: readonly Share[];
  /** Values of `clump.users=`: people whose processes run on this node. */
  readonly users: readonly User[];
  /** TCP port of the web view; absent where there is none. */
  readonly web?: number;
  /** Whether the drive ejects the CD once the node runs; default no where ssh needs the tools on the CD. */
  readonly eject: boolean;
  /** One sentence for each unusable value. */
  readonly complaints: readonly string[];
}
