import { expect, test } from "bun:test";
import { ENTRY_BYTES, SHORTEST_ENTRY_BYTES, silentEntry } from "../../../../cluster/gossip/entry.ts";
import { decodeGossip, encodeGossip, type GossipMessage } from "../../../../cluster/gossip/packet.ts";
import { SimulatedCluster } from "../../../cluster/simulated-cluster.ts";

const HEADER_BYTES = 8;
/** The entry before it had guests and processes that are away. */
const WITH_MAC_BYTES = 42;
/** The entry before it told what a processor can do. */
const WITH_JOBS_BYTES = 46;
/** What a later release may have to say of each node, and of all. */
const MORE = Buffer.from("power");
const TRAILER = Buffer.from("a seal of another kind");

/** The message as a release of the future sends it, no longer than one of ours. */
function encodeLater(message: GossipMessage): Uint8Array {
  const short = { ...message, entries: message.entries.slice(0, 25) };
  const bytes = Buffer.from(encodeGossip(short));
  const entries = short.entries.map((_, index) => {
    const at = HEADER_BYTES + index * ENTRY_BYTES;
    return Buffer.concat([bytes.subarray(at, at + ENTRY_BYTES), MORE]);
  });
  const header = Buffer.from(bytes.subarray(0, HEADER_BYTES));
  header[4] = 2;
  // Flags that this release does not know.
  header[5]! |= 0b1000_0100;
  header[6] = ENTRY_BYTES + MORE.length;
  return Buffer.concat([header, ...entries, TRAILER]);
}

/** The message as the first nodes of 7.0 send it: without hardware addresses. */
function encodeEarlier(message: GossipMessage, size = SHORTEST_ENTRY_BYTES): Uint8Array {
  const bytes = Buffer.from(encodeGossip(message));
  const entries = message.entries.map((_, index) => {
    const at = HEADER_BYTES + index * ENTRY_BYTES;
    return bytes.subarray(at, at + size);
  });
  const header = Buffer.from(bytes.subarray(0, HEADER_BYTES));
  header[6] = size;
  return Buffer.concat([header, ...entries]);
}

/** What an earlier node reads of a message: the start of each entry. */
function readByEarlier(bytes: Uint8Array): GossipMessage | undefined {
  const message = decodeGossip(bytes);
  return message && { ...message, entries: message.entries.map((entry) => ({ ...entry, mac: 0 })) };
}

test("nodes of an earlier release take part, and those of this one keep hardware addresses", () => {
  const mac = 0x0200_0a09_0001;
  const cluster = new SimulatedCluster(12);
  const isEarlier = (index: number) => index % 2 === 1;
  cluster.wire = (from, message) =>
    isEarlier(from) ? decodeGossip(encodeEarlier(message)) : readByEarlier(encodeGossip(message));
  cluster.seconds(20);
  for (const by of cluster.nodes.keys())
    for (const of of cluster.nodes.keys()) if (by !== of) expect(cluster.condition(of, by)).toBe("up");
  const message = {
    wantsAnswer: false,
    entries: [{ ...silentEntry(1, 1), mac, guests: 2, away: 7, processor: 0x030f }],
  };
  const read = (bytes: Uint8Array) => decodeGossip(bytes)?.entries[0];
  expect(read(encodeEarlier(message))).toMatchObject({ mac: 0, guests: 0, away: 0 });
  expect(read(encodeEarlier(message, WITH_MAC_BYTES))).toMatchObject({ mac, guests: 0, away: 0 });
  expect(read(encodeEarlier(message, WITH_JOBS_BYTES))).toMatchObject({ guests: 2, away: 7, processor: 0 });
  expect(read(encodeGossip(message))).toMatchObject({ mac, guests: 2, away: 7, processor: 0x030f });
});

test("nodes of this release and of a later one are one cluster, and see a death", () => {
  const cluster = new SimulatedCluster(20);
  const isLater = (index: number) => index % 2 === 1;
  cluster.wire = (from, message) => {
    const bytes = isLater(from) ? encodeLater(message) : encodeGossip(message);
    return decodeGossip(bytes);
  };
  cluster.seconds(30);
  const everybody = cluster.nodes.keys().toArray();
  const think = (of: number) =>
    new Set(everybody.filter((by) => by !== of).map((by) => cluster.condition(of, by)));
  for (const of of everybody) expect([...think(of)]).toEqual(["up"]);
  cluster.off.add(5);
  cluster.seconds(16);
  expect([...think(5)]).toEqual(["dead"]);
});
