import type { ControlAddress } from "../../cluster/daemon/control-address.ts";
import type { Span } from "../../cluster/map/prefix-map.ts";
import type { Discovery } from "../../cluster/view.ts";
import type { ModeName } from "../../modes/index.ts";
import type { ServeRequest } from "../../modes/serve/serve-request.ts";
import type { PreferredNic } from "../../probes/network/primary-nic.ts";
import type { NetworkOptions } from "../../probes/network-options/options.ts";
import type { VncUse } from "../../system/state/access.ts";
import type { Target } from "../../system/state/report-target.ts";

/** The options of a boot, as the kernel command line has them. */
export interface BootOptions {
  /** Absent unless asked for. */
  readonly mode?: ModeName;
  /** Value of `clump.map=` as it was typed. */
  readonly map?: string;
  /** What of its network a node's own map covers; absent unless asked for. */
  readonly span?: Span;
  /** How nodes get their numbers; absent unless asked for. */
  readonly discovery?: Discovery;
  /** Where clumpd takes commands over TCP; absent unless asked for. */
  readonly control?: ControlAddress;
  readonly hostname?: string;
  readonly network: NetworkOptions;
  /** Of the cluster. */
  readonly key?: string;
  /** Who may look in from outside, by VNC or another way: a password, or "none" for everybody. */
  readonly password?: string;
  /** Preferred primary NICs, the most preferred first. */
  readonly preferredNics: readonly PreferredNic[];
  /** The interface from which the boot loader fetched this system, with the address it had. */
  readonly bootedFrom?: { readonly nic: string; readonly address: string };
  /** What viewers of VNC may do; absent where VNC is turned off. */
  readonly vnc?: VncUse;
  /** What a shell asks for; absent where it asks for nothing. */
  readonly shellPassword?: string;
  /** Modules that are not loaded. */
  readonly blacklist: readonly string[];
  /** Seconds after which a failed boot restarts the machine; without it a shell waits for a person. */
  readonly panicSeconds?: number;
  readonly debug: boolean;
  /** Where the report of the boot goes; absent unless asked for. */
  readonly report?: Target;
  /** Whether and how other PCs are booted; absent unless asked for. */
  readonly serve?: ServeRequest;
  /** TCP port of the web view; absent unless asked for. */
  readonly web?: number;
  /** Whether the CD is given back once the node runs. */
  readonly eject: boolean;
  /** One sentence for each value that could not be used. */
  readonly complaints: readonly string[];
}
