/** Asks on one interface who has an address, and hears who answers. */

import type { Link, Network, PacketSocket } from "../../init/kernel/kernel.ts";
import { ETHERNET_BROADCAST } from "../../init/kernel/packet.ts";
import { formatMac } from "../network/names.ts";
import { encodeAnnouncement, encodeProbe, findConflict } from "./arp.ts";

export interface ProberOptions {
  readonly link: Link;
  readonly network: Network;
  /** Another machine has the address that was probed last; its hardware address as text. */
  readonly onConflict: (mac: string) => void;
  /** It cannot hear any more. */
  readonly onDeaf: (error: unknown) => void;
}

export class AddressProber {
  readonly #options: ProberOptions;
  #socket: PacketSocket | undefined;
  #address = "";

  constructor(options: ProberOptions) {
    this.#options = options;
  }

  /** Listens from the first probe on. @throws SyscallError */
  probe(address: string): void {
    const { link, network } = this.#options;
    this.#address = address;
    if (this.#socket === undefined) {
      this.#socket = network.openPacketSocket(link.index, "arp");
      void this.#listen(this.#socket);
    }
    this.#socket.send(encodeProbe(link.address, address), ETHERNET_BROADCAST);
  }

  /** Without a probe before it there is no socket, and nothing is said. @throws SyscallError */
  announce(address: string): void {
    this.#socket?.send(encodeAnnouncement(this.#options.link.address, address), ETHERNET_BROADCAST);
  }

  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  async #listen(socket: PacketSocket): Promise<void> {
    const { link, onConflict, onDeaf } = this.#options;
    try {
      for await (const packet of socket.packets) {
        if (this.#socket !== socket) return;
        const mac = findConflict(packet, { mac: link.address, address: this.#address });
        if (mac !== undefined) onConflict(formatMac(mac));
      }
    } catch (error) {
      onDeaf(error);
    }
    if (this.#socket === socket) this.close();
  }
}
