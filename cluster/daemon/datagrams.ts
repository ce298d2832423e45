/** The datagrams of discovery and gossip: sealed where there is a key; what cannot be used is dropped and counted. */

import {
  DISCOVERY_BYTES,
  type DiscoveryPacket,
  decodeDiscovery,
  encodeDiscovery,
} from "../discovery/packet.ts";
import { decodeGossip, encodeGossip, type GossipMessage, MOST_BYTES } from "../gossip/packet.ts";
import { MOST_NODES } from "../gossip/table.ts";
import { DatagramSeal, type DatagramSealOptions, drop } from "../security/datagram-seal.ts";

export interface DatagramsOptions extends Pick<DatagramSealOptions, "key" | "drops" | "onReplay"> {
  /** Whether a node may have that address. */
  readonly covers: (address: number) => boolean;
}

/** The sender's address, its life, and the number of what it sends in that life. */
export interface Sent {
  readonly sender: number;
  readonly incarnation: number;
  readonly sequence: number;
}

export class Datagrams {
  readonly #options: DatagramsOptions;
  readonly #discovery: DatagramSeal;
  readonly #gossip: DatagramSeal;

  constructor(options: DatagramsOptions) {
    this.#options = options;
    const limits = { ...options, mostSenders: MOST_NODES };
    this.#discovery = new DatagramSeal({ ...limits, purpose: "discovery", longest: DISCOVERY_BYTES });
    this.#gossip = new DatagramSeal({ ...limits, purpose: "gossip", longest: MOST_BYTES });
  }

  writeDiscovery(packet: DiscoveryPacket, sent: Sent): Uint8Array {
    return this.#discovery.seal(encodeDiscovery(packet), sent);
  }

  writeGossip(message: GossipMessage, sent: Omit<Sent, "sequence">): Uint8Array {
    return this.#gossip.seal(encodeGossip(message), { ...sent, sequence: message.entries[0]?.beat ?? 0 });
  }

  /** What a node of this network says of itself, or nothing. */
  readDiscovery(bytes: Uint8Array, from: number): DiscoveryPacket | undefined {
    const { drops, key, covers } = this.#options;
    const body = this.#discovery.open(bytes, from);
    if (body === undefined) return undefined;
    const packet = decodeDiscovery(body);
    const address = packet?.addresses[0];
    if (address === undefined) return drop(drops, "malformed");
    // omdiscd passes on what it hears on another NIC; a seal does not allow it.
    if (key !== undefined && address !== from) return drop(drops, "misaddressed");
    return covers(address) ? packet : drop(drops, "foreign");
  }

  /** A message of a node of this network, whose own entry comes first, or nothing. */
  readGossip(bytes: Uint8Array, from: number): GossipMessage | undefined {
    const { drops, covers } = this.#options;
    if (!covers(from)) return drop(drops, "foreign");
    const body = this.#gossip.open(bytes, from);
    if (body === undefined) return undefined;
    const message = decodeGossip(body);
    if (message === undefined) return drop(drops, "malformed");
    return message.entries[0]?.address === from ? message : drop(drops, "misaddressed");
  }
}
