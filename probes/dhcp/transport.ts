/** Carries DHCP messages of one interface: a packet socket for all, a UDP socket for what goes to one server. */

import type { Link, Network, PacketSocket } from "../../system/kernel/kernel.ts";
import { ETHERNET_BROADCAST } from "../../system/kernel/packet.ts";
import { failedWith } from "../../system/kernel/syscall-error.ts";
import { fragment } from "./packet/fragment.ts";
import { encodeBroadcast, encodeRequest } from "./request.ts";
import type { Request } from "./state.ts";
import { openUnicastSocket, type UnicastSocket } from "./unicast.ts";

export interface TransportOptions {
  readonly link: Link;
  readonly network: Network;
  /** Told to servers. */
  readonly hostname?: string;
  /** Type and value of option 61; the hardware address when absent. */
  readonly clientId?: Uint8Array;
  /** One IPv4 packet to the client's port. */
  readonly onPacket: (packet: Uint8Array) => void;
  /** `what` completes "Cannot …"; it is tried again when there is something to send. */
  readonly onFailure: (what: string, error: unknown) => void;
  readonly openUnicast?: (address: string) => Promise<UnicastSocket>;
}

export class Transport {
  readonly #options: TransportOptions;
  #socket: PacketSocket | undefined;
  #unicast: Promise<UnicastSocket> | undefined;
  #sending = Promise.resolve();

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /** Sends to one server, which fails later, or to all. @throws SyscallError */
  send(request: Request): void {
    const { link, hostname, clientId } = this.#options;
    this.#listen();
    const payload = encodeRequest(request, {
      mac: link.address,
      mtu: link.mtu,
      ...(hostname && { hostname }),
      ...(clientId && { clientId }),
    });
    const { ciaddr, to } = request;
    // Bound to our own address also while rebinding, when servers answer there just the same.
    if (ciaddr !== undefined) this.#openUnicast(ciaddr);
    if (to === undefined) this.#broadcast(encodeBroadcast(payload, ciaddr), request.xid & 0xffff);
    else this.#sending = this.#sendUnicast(payload, { type: request.type, to });
  }

  /** Resolves when what goes to one server is on its way. */
  async sent(): Promise<void> {
    await this.#sending;
  }

  /** Leaves the address, which may not be ours any more. */
  closeUnicast(): void {
    const opening = this.#unicast;
    this.#unicast = undefined;
    void opening?.then((socket) => socket.close()).catch(() => {});
  }

  close(): void {
    this.closeUnicast();
    this.#socket?.close();
    this.#socket = undefined;
  }

  /** A socket whose link was down for a moment says so once more where it is not read before; another one does not. */
  #broadcast(packet: Uint8Array, id: number): void {
    try {
      this.#sendWhole(packet, id);
    } catch (error) {
      if (!failedWith(error, "ENETDOWN")) throw error;
      this.#socket?.close();
      this.#socket = undefined;
      this.#sendWhole(packet, id);
    }
  }

  /** In fragments where the MTU is too small: a lease must not end because nothing can be sent. */
  #sendWhole(packet: Uint8Array, id: number): void {
    const socket = this.#listen();
    try {
      socket.send(packet, ETHERNET_BROADCAST);
    } catch (error) {
      const { network, link } = this.#options;
      const mtu = network.links().find(({ index }) => index === link.index)?.mtu;
      if (!failedWith(error, "EMSGSIZE") || mtu === undefined) throw error;
      for (const part of fragment(packet, { mtu, id })) socket.send(part, ETHERNET_BROADCAST);
    }
  }

  /** The packet socket, opened again where it has failed. */
  #listen(): PacketSocket {
    if (this.#socket !== undefined) return this.#socket;
    const socket = this.#options.network.openPacketSocket(this.#options.link.index, "dhcp");
    this.#socket = socket;
    void this.#receiveAll(socket);
    return socket;
  }

  async #receiveAll(socket: PacketSocket): Promise<void> {
    try {
      for await (const packet of socket.packets) this.#options.onPacket(packet);
    } catch (error) {
      this.#options.onFailure("hear the network", error);
    }
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    socket.close();
  }

  #openUnicast(address: string): void {
    if (this.#unicast !== undefined) return;
    const { openUnicast = openUnicastSocket } = this.#options;
    this.#unicast = openUnicast(address);
    // Whoever sends through it handles the failure; while rebinding nobody does.
    this.#unicast.catch(() => {});
  }

  async #sendUnicast(payload: Uint8Array, { type, to }: { type: string; to: string }): Promise<void> {
    const opening = this.#unicast;
    try {
      (await opening)?.send(payload, to);
    } catch (error) {
      // A new try at the next renewal; at T2 a broadcast needs no such socket.
      if (this.#unicast === opening) this.closeUnicast();
      this.#options.onFailure(`send ${type} to ${to}`, error);
    }
  }
}
