/** The WireGuard device of this node, and what leads into it. */

import { networkInterfaces } from "node:os";
import type { Network, Wireguard } from "../../system/kernel/kernel.ts";
import { failedWith } from "../../system/kernel/syscall-error.ts";
import type { ClusterKey } from "../security/key.ts";
import type { InnerAddresses } from "./inner-addresses.ts";
import { privateKeyOf, publicKeyOf, toPublicKey } from "./keys.ts";

/** UDP. */
export const WIREGUARD_PORT = 5433;
export const DEVICE = "clump-moves";
const NETWORK_PREFIX = 64;
const HOST_PREFIX = 128;
/** Index of the loopback interface in every network namespace. */
const LOOPBACK = 1;
/** IPv4 (20 bytes), UDP (8), WireGuard's header (16) and tag (16). */
const OVERHEAD_BYTES = 60;
/** The least MTU of IPv6; RFC 8200, section 5. */
const LEAST_MTU = 1_280;
const ETHERNET_MTU = 1_500;

export type TunnelKernel = Wireguard &
  Pick<Network, "links" | "setLink" | "addLink" | "addAddress" | "removeAddress" | "addRoute">;

export interface TunnelDeviceOptions {
  readonly key: ClusterKey;
  /** This node's LAN address. */
  readonly address: string;
  readonly addresses: InnerAddresses;
  readonly kernel: TunnelKernel;
}

export class TunnelDevice {
  readonly #options: TunnelDeviceOptions;
  readonly #own: string;

  constructor(options: TunnelDeviceOptions) {
    this.#options = options;
    this.#own = options.addresses.of(options.address);
  }

  /**
   * Gives this node its inner address, on the loopback interface: services bind to the address before there is a device.
   * Only root's processes reach the addresses of other nodes: WireGuard proves which node sends, and not which user.
   * @throws SyscallError
   */
  openAddress(): void {
    const { addresses, kernel } = this.#options;
    // A LAN address that this node had before may be another node's now.
    for (const { address } of networkInterfaces()["lo"] ?? []) {
      const isStale = addresses.lanAddressOf(address) !== undefined && address !== this.#own;
      if (isStale) kernel.removeAddress(LOOPBACK, { address, prefix: HOST_PREFIX });
    }
    kernel.addAddress(LOOPBACK, { address: this.#own, prefix: HOST_PREFIX });
    kernel.keepForRoot(addresses.network, NETWORK_PREFIX);
  }

  /** The public keys of the peers of a device that an earlier run of the daemon has left; none where there is no device. */
  peersLeft(): readonly Uint8Array[] {
    if (this.#link() === undefined) return [];
    const { publicKey, peers } = this.#options.kernel.readWireguard(DEVICE);
    return Buffer.compare(publicKey, toPublicKey(this.#privateKey)) === 0 ? peers : [];
  }

  /** Makes the device and the route into it; one that is there stays as it is where its key is right. @throws SyscallError */
  open(): void {
    const { kernel, addresses } = this.#options;
    try {
      kernel.addLink({ kind: "wireguard", name: DEVICE });
    } catch (error) {
      if (!failedWith(error, "EEXIST")) throw error;
    }
    const { publicKey } = kernel.readWireguard(DEVICE);
    if (Buffer.compare(publicKey, toPublicKey(this.#privateKey)) !== 0)
      kernel.setUpWireguard(DEVICE, { privateKey: this.#privateKey, port: WIREGUARD_PORT });
    const index = this.#link()?.index ?? 0;
    kernel.setLink(index, { up: true, mtu: this.#mtu() });
    kernel.addRoute({ index, destination: addresses.network, prefix: NETWORK_PREFIX, source: this.#own });
  }

  /** @throws SyscallError */
  add(address: string): void {
    const { key, addresses, kernel } = this.#options;
    kernel.addPeer(DEVICE, {
      publicKey: publicKeyOf(key, address),
      endpoint: { address, port: WIREGUARD_PORT },
      inner: addresses.of(address),
    });
  }

  /** @throws SyscallError */
  remove(publicKey: Uint8Array): void {
    this.#options.kernel.removePeer(DEVICE, publicKey);
  }

  get #privateKey(): Uint8Array {
    return privateKeyOf(this.#options.key, this.#options.address);
  }

  #link() {
    return this.#options.kernel.links().find(({ name }) => name === DEVICE);
  }

  /** What fits into a packet of the NIC that has the LAN address. */
  #mtu(): number {
    const { address, kernel } = this.#options;
    const nic = Object.entries(networkInterfaces()).find(([, all]) =>
      all?.some((one) => one.address === address),
    );
    const link = kernel.links().find(({ name }) => name === nic?.[0]);
    return Math.max(LEAST_MTU, (link?.mtu ?? ETHERNET_MTU) - OVERHEAD_BYTES);
  }
}
