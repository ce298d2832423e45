/**
 * How this node reaches others for moves. In a cluster with a key all of it goes through WireGuard; in an open cluster
 * whose user said clump.moves=open it goes as it is.
 */

import { linuxNetwork } from "../../system/kernel/linux-network.ts";
import { linuxWireguard } from "../../system/kernel/linux-wireguard.ts";
import type { Log } from "../../system/log.ts";
import { present } from "../../system/optional.ts";
import type { ClusterKey } from "../security/key.ts";
import { connectedNodes } from "./connections.ts";
import { TunnelDevice, type TunnelKernel } from "./device.ts";
import { Door, type DoorOptions } from "./door.ts";
import { InnerAddresses } from "./inner-addresses.ts";
import { knock } from "./knock.ts";
import { Peers } from "./peers.ts";

/** How this node reaches others for moves, while it has its LAN address. */
export interface Reach {
  /** The address that services of moves bind to on this node. */
  readonly own: string;
  /** Resolves with the address on which that node's services answer. @throws Error "Cannot reach …: why" */
  to(address: string): Promise<string>;
  /**
   * The LAN address of the node behind the remote address of a connection. `undefined` where that is no node's: each
   * service closes such a connection at once, because Linux accepts packets for any of its addresses on any NIC.
   */
  from(inner: string): string | undefined;
  /** Lets others in, once the services of moves answer. @throws Error "Cannot open the door …: why" */
  openDoor(): Promise<void>;
  close(): Promise<void>;
}

export interface ReachOptions {
  /** This node's LAN address. */
  readonly address: string;
  /** Absent in an open cluster: whoever opens one has asked for clump.moves=open. */
  readonly key: ClusterKey | undefined;
  readonly log: Log;
  /** Makes the kernel's WireGuard module loadable; awaited before the first peer. */
  readonly prepare?: () => Promise<void>;
  /** Default: this machine's. */
  readonly kernel?: TunnelKernel;
  /** TCP port of every node's door; default DOOR_PORT. */
  readonly doorPort?: number;
  /** The listening socket of the door, default one of its own. */
  readonly doorDescriptor?: number;
}

/** The door is not open yet. @throws Error where the own address cannot be opened */
export function openReach(options: ReachOptions): Reach {
  const { key } = options;
  return key === undefined ? new OpenReach(options) : TunnelReach.open({ ...options, key });
}

function doorOptions(options: ReachOptions): Omit<DoorOptions, "admit"> {
  const { address, key, log, doorPort, doorDescriptor } = options;
  return { address, key, log, ...present("port", doorPort), ...present("descriptor", doorDescriptor) };
}

/** Reach without a key: nodes are reached as they are. */
class OpenReach implements Reach {
  readonly own: string;
  readonly #options: ReachOptions;
  readonly #door: Door;

  constructor(options: ReachOptions) {
    this.own = options.address;
    this.#options = options;
    this.#door = new Door({ ...doorOptions(options), admit: () => Promise.resolve() });
  }

  /** The other node's daemon may have to start first: its door says when its services answer. */
  async to(host: string): Promise<string> {
    const { address: visitor, doorPort } = this.#options;
    await knock({ key: undefined, visitor, host, ...present("port", doorPort) });
    return host;
  }

  openDoor(): Promise<void> {
    return this.#door.open();
  }

  from(remote: string): string | undefined {
    return remote.replace(/^::ffff:/, "");
  }

  close(): Promise<void> {
    return this.#door.close();
  }
}

type TunnelOptions = ReachOptions & { readonly key: ClusterKey };

class TunnelReach implements Reach {
  readonly own: string;
  readonly #options: TunnelOptions;
  readonly #addresses: InnerAddresses;
  readonly #device: TunnelDevice;
  readonly #peers: Peers;
  readonly #door: Door;
  /** Visits of this node to others that are underway. */
  readonly #visits = new Map<string, Promise<void>>();

  static open(options: TunnelOptions): Reach {
    const reach = new TunnelReach(options);
    reach.#device.openAddress();
    reach.#peers.adopt();
    return reach;
  }

  private constructor(options: TunnelOptions) {
    const { key, address, log, prepare } = options;
    const kernel = options.kernel ?? { ...linuxNetwork, ...linuxWireguard };
    this.#options = options;
    this.#addresses = new InnerAddresses(key);
    this.own = this.#addresses.of(address);
    this.#device = new TunnelDevice({ key, address, addresses: this.#addresses, kernel });
    const connected = () => connectedNodes(this.#addresses);
    this.#peers = new Peers({ key, device: this.#device, connected, log, ...present("prepare", prepare) });
    this.#door = new Door({ ...doorOptions(options), admit: (visitor) => this.#peers.add(visitor) });
  }

  /** A peer may have restarted and forgotten this node, so each call asks at the peer's door. */
  async to(address: string): Promise<string> {
    if (address === this.#options.address)
      throw new Error(`Cannot reach ${address}: it is this node's own address`);
    const visit = this.#visits.get(address) ?? this.#visit(address);
    this.#visits.set(address, visit);
    await visit;
    return this.#addresses.of(address);
  }

  /** A connection of this node to itself is no other node's: any user of this node can make one. */
  from(inner: string): string | undefined {
    const address = this.#addresses.lanAddressOf(inner);
    return address === this.#options.address ? undefined : address;
  }

  openDoor(): Promise<void> {
    return this.#door.open();
  }

  async close(): Promise<void> {
    this.#peers.close();
    await this.#door.close();
  }

  async #visit(host: string): Promise<void> {
    const { key, address: visitor, doorPort } = this.#options;
    try {
      await knock({ key, visitor, host, ...present("port", doorPort) });
      await this.#peers.add(host);
    } finally {
      this.#visits.delete(host);
    }
  }
}
