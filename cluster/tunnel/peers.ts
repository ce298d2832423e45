/** The peers of the tunnel: a peer is added when it is first needed, and removed when it has had no connection for long. */

import { type Log, reason } from "../../system/log.ts";
import type { ClusterKey } from "../security/key.ts";
import { publicKeyOf } from "./keys.ts";

const LOOK_MILLISECONDS = 60_000;
const IDLE_MILLISECONDS = 600_000;

export interface PeersOptions {
  readonly key: ClusterKey;
  readonly device: Device;
  /** Makes the kernel's module loadable. */
  readonly prepare?: () => Promise<void>;
  /** LAN addresses of the nodes with which this node has a connection. */
  readonly connected: () => ReadonlySet<string>;
  readonly log: Log;
}

/** What is done to the device; TunnelDevice does it. */
export interface Device {
  peersLeft(): readonly Uint8Array[];
  open(): void;
  add(address: string): void;
  remove(publicKey: Uint8Array): void;
}

export class Peers {
  readonly #options: PeersOptions;
  /** When a peer was last seen in use, by its LAN address; `performance.now()`. */
  readonly #used = new Map<string, number>();
  #opening: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PeersOptions) {
    this.#options = options;
  }

  /** Takes over what an earlier run of the daemon has left: peers in use go on, the others are removed. */
  adopt(): void {
    const { device, connected, key } = this.#options;
    const left = new Set(device.peersLeft().map((publicKey) => Buffer.from(publicKey).toString("hex")));
    for (const address of connected()) {
      if (left.delete(Buffer.from(publicKeyOf(key, address)).toString("hex"))) this.#use(address);
    }
    for (const publicKey of left) device.remove(Uint8Array.fromHex(publicKey));
  }

  /**
   * Makes a node a peer. A node that has started again has no session with this node, and answers nothing that is sent
   * in one of before; WireGuard finds that out after 15 s. So a peer without a connection begins anew.
   * @throws Error that says why this node cannot
   */
  async add(address: string): Promise<void> {
    this.#opening ??= this.#open();
    await this.#opening;
    const { device, key, connected } = this.#options;
    if (this.#used.has(address) && !connected().has(address)) device.remove(publicKeyOf(key, address));
    device.add(address);
    this.#use(address);
  }

  /** Addresses of the peers. */
  get addresses(): readonly string[] {
    return [...this.#used.keys()];
  }

  /** Removes the peers that are idle. */
  look(now = performance.now()): void {
    const { connected, device, key, log } = this.#options;
    const busy = connected();
    for (const [address, used] of this.#used) {
      if (busy.has(address)) this.#used.set(address, now);
      if (busy.has(address) || now - used < IDLE_MILLISECONDS) continue;
      try {
        device.remove(publicKeyOf(key, address));
        this.#used.delete(address);
      } catch (error) {
        log.warn(`Cannot remove the idle peer ${address}: ${reason(error)}, trying again`);
      }
    }
    if (this.#used.size === 0) this.close();
  }

  /** Ends the looking; the device keeps its peers, for the next run of the daemon. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #open(): Promise<void> {
    try {
      await this.#options.prepare?.();
      this.#options.device.open();
    } catch (error) {
      // The next peer tries again.
      this.#opening = undefined;
      throw error;
    }
  }

  #use(address: string): void {
    this.#used.set(address, performance.now());
    this.#timer ??= setInterval(() => this.look(), LOOK_MILLISECONDS).unref();
  }
}
