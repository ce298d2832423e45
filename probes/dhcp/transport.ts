/** Carries the DHCP messages of one interface: by a packet socket, and by a UDP socket to one server. */

import type { Link, Network, PacketSocket } from "../../system/kernel/kernel.ts";
import { ETHERNET_BROADCAST } from "../../system/kernel/packet.ts";
import { failedWith } from "../../system/kernel/syscall-error.ts";
import { fragment } from "./packet/fragment.ts";
import { encodeBroadcast, encodeRequest } from "./request.ts";
import type { Request } from "./state.ts";
import { openUnicastSocket, type UnicastSocket } from "./unicast.ts";

/**
 * The name of this node, sent to servers (option 12), at the address that a message names: a name that is made of the
 * node number is known from there on.
 */
export type NameAt = (address: string | undefined) => string | undefined;

export interface TransportOptions {
  readonly link: Link;
  readonly network: Network;
  readonly nameAt?: NameAt;
  /** Type and value of option 61; default: the hardware address. */
  readonly clientId?: Uint8Array;
  /** Takes one IPv4 packet to the client's port. */
  readonly onPacket: (packet: Uint8Array) => void;
  /** `what` completes "Cannot …"; the transport tries again at the next message. */
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

  /** Sends a unicast, whose failure goes to `onFailure`, or a broadcast. @throws SyscallError for a broadcast */
  send(request: Request): void {
    const { link, nameAt, clientId } = this.#options;
    const { ciaddr, requestedAddress, to } = request;
    const hostname = nameAt?.(requestedAddress ?? ciaddr);
    this.#listen();
    const payload = encodeRequest(request, {
      mac: link.address,
      mtu: link.mtu,
      ...(hostname && { hostname }),
      ...(clientId && { clientId }),
    });
    // In REBINDING the client holds this socket too: servers answer by unicast to our address.
    if (ciaddr !== undefined) this.#openUnicast(ciaddr);
    if (to === undefined) this.#broadcast(encodeBroadcast(payload, ciaddr), request.xid & 0xffff);
    else this.#sending = this.#sendUnicast(payload, { type: request.type, to });
  }

  /** Resolves when the latest unicast has left. */
  async sent(): Promise<void> {
    await this.#sending;
  }

  /** Closes the socket on our address, which may not be ours any more. */
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

  /** A socket whose link was down for a moment reports that once, even if the link is up again; a new one does not. */
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

  /** Sends the packet in fragments if the MTU is too small: a lease must not end because nothing can be sent. */
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

  /** The packet socket, opened again if it has failed. */
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
    // #sendUnicast() handles a failure; in REBINDING nothing else does.
    this.#unicast.catch(() => {});
  }

  async #sendUnicast(payload: Uint8Array, { type, to }: { type: string; to: string }): Promise<void> {
    const opening = this.#unicast;
    try {
      (await opening)?.send(payload, to);
    } catch (error) {
      // The next renewal opens a new socket; a broadcast at T2 needs none.
      if (this.#unicast === opening) this.closeUnicast();
      this.#options.onFailure(`send ${type} to ${to}`, error);
    }
  }
}
