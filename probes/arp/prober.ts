/** Probes an address on one interface, and hears other machines that answer or, later, claim our address. */

import { formatMac } from "../../system/address/mac.ts";
import type { AddressOwner, Link, Network, PacketSocket } from "../../system/kernel/kernel.ts";
import { ETHERNET_BROADCAST } from "../../system/kernel/packet.ts";
import { failedWith } from "../../system/kernel/syscall-error.ts";
import { encodeAnnouncement, encodeProbe, findConflict } from "./packet.ts";

export interface ProberOptions {
  readonly link: Link;
  readonly network: Network;
  /** Takes the hardware address, as text, of another machine that has the address probed or guarded last. */
  readonly onConflict: (mac: string) => void;
  /** The socket has failed; the prober hears nothing any more. */
  readonly onReceiveFailure: (error: unknown) => void;
}

export class AddressProber {
  readonly #options: ProberOptions;
  #socket: PacketSocket | undefined;
  /** The socket of the probe: packets that it received may not have been read yet. */
  #former: PacketSocket | undefined;
  #address = "";
  #isGuarding = false;

  constructor(options: ProberOptions) {
    this.#options = options;
  }

  /** Sends a probe, and listens from the first probe on. @throws SyscallError */
  probe(address: string): void {
    const packet = encodeProbe(this.#options.link.address, address);
    // The socket that guards another address receives no ARP of this one.
    if (this.#isGuarding && address !== this.#address) this.close();
    this.#address = address;
    try {
      this.#socket ??= this.#open();
      this.#socket.send(packet, ETHERNET_BROADCAST);
    } catch (error) {
      if (!failedWith(error, "ENETDOWN")) throw error;
      // The link was down for a moment; a new socket does not report that.
      this.close();
      this.#socket = this.#open();
      this.#socket.send(packet, ETHERNET_BROADCAST);
    }
  }

  /**
   * From now on hears only machines that claim the address: the kernel passes on no other ARP, and process 1 sleeps. The
   * socket of the probe stays open until the next call, since an answer may have come already. @throws SyscallError
   */
  guard(address: string): void {
    this.#former?.close();
    this.#former = undefined;
    if (this.#isGuarding && this.#address === address) return;
    const opened = this.#open({ address, mac: this.#options.link.address });
    [this.#former, this.#socket] = [this.#socket, opened];
    [this.#address, this.#isGuarding] = [address, true];
  }

  /** Announces the address; does nothing without a probe or a guard before. @throws SyscallError */
  announce(address: string): void {
    this.#socket?.send(encodeAnnouncement(this.#options.link.address, address), ETHERNET_BROADCAST);
  }

  close(): void {
    for (const socket of [this.#former, this.#socket]) socket?.close();
    [this.#former, this.#socket] = [undefined, undefined];
    this.#isGuarding = false;
  }

  #open(owner?: AddressOwner): PacketSocket {
    const { link, network } = this.#options;
    const socket = network.openPacketSocket(link.index, "arp", owner);
    void this.#listen(socket);
    return socket;
  }

  async #listen(socket: PacketSocket): Promise<void> {
    const { link, onConflict, onReceiveFailure } = this.#options;
    try {
      for await (const packet of socket.packets) {
        if (this.#socket !== socket && this.#former !== socket) return;
        const mac = findConflict(packet, { mac: link.address, address: this.#address });
        if (mac !== undefined && !this.#isOurs(mac)) onConflict(formatMac(mac));
      }
    } catch (error) {
      if (this.#socket === socket) onReceiveFailure(error);
    }
    if (this.#socket === socket) this.close();
  }

  /** Whether one of our interfaces has this hardware address, as a member of a bond that balances by ARP. */
  #isOurs(mac: Uint8Array): boolean {
    try {
      return this.#options.network.links().some(({ address }) => Buffer.compare(address, mac) === 0);
    } catch {
      return false;
    }
  }
}
