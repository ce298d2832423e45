/** Asks on one interface who has an address, and hears who answers, or who claims it once it is ours. */

import { formatMac } from "../../system/address/mac.ts";
import type { AddressOwner, Link, Network, PacketSocket } from "../../system/kernel/kernel.ts";
import { ETHERNET_BROADCAST } from "../../system/kernel/packet.ts";
import { failedWith } from "../../system/kernel/syscall-error.ts";
import { encodeAnnouncement, encodeProbe, findConflict } from "./packet.ts";

export interface ProberOptions {
  readonly link: Link;
  readonly network: Network;
  /** Another machine has the address that was probed or guarded last; its hardware address as text. */
  readonly onConflict: (mac: string) => void;
  /** It cannot hear any more. */
  readonly onReceiveFailure: (error: unknown) => void;
}

export class AddressProber {
  readonly #options: ProberOptions;
  #socket: PacketSocket | undefined;
  /** From before the guard: what it has heard may not have been read yet. */
  #former: PacketSocket | undefined;
  #address = "";
  #isGuarding = false;

  constructor(options: ProberOptions) {
    this.#options = options;
  }

  /** Listens from the first probe on. @throws SyscallError */
  probe(address: string): void {
    const packet = encodeProbe(this.#options.link.address, address);
    // A socket that guards another address hears nothing of this one.
    if (this.#isGuarding && address !== this.#address) this.close();
    this.#address = address;
    try {
      this.#socket ??= this.#open();
      this.#socket.send(packet, ETHERNET_BROADCAST);
    } catch (error) {
      if (!failedWith(error, "ENETDOWN")) throw error;
      // It was, for a moment: another socket knows nothing of that.
      this.close();
      this.#socket = this.#open();
      this.#socket.send(packet, ETHERNET_BROADCAST);
    }
  }

  /**
   * From now on hears nothing but others that claim the address: the kernel passes on no other ARP, and nobody is
   * woken. Only what answers a probe is heard as before until the next call, for it may have come already.
   * @throws SyscallError
   */
  guard(address: string): void {
    this.#former?.close();
    this.#former = undefined;
    if (this.#isGuarding && this.#address === address) return;
    const opened = this.#open({ address, mac: this.#options.link.address });
    [this.#former, this.#socket] = [this.#socket, opened];
    [this.#address, this.#isGuarding] = [address, true];
  }

  /** Without a probe or a guard before it there is no socket, and nothing is said. @throws SyscallError */
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

  /** Whether one of our interfaces has it, as a member of a bond that balances by ARP (RFC 5227, section 2.4). */
  #isOurs(mac: Uint8Array): boolean {
    try {
      return this.#options.network.links().some(({ address }) => Buffer.compare(address, mac) === 0);
    } catch {
      return false;
    }
  }
}
