import { expect, test } from "bun:test";
import { ENTRY_BYTES } from "../../../../cluster/gossip/entry.ts";
import { decodeGossip, encodeGossip, type GossipMessage } from "../../../../cluster/gossip/packet.ts";
import { SimulatedCluster } from "../../../cluster/simulated-cluster.ts";

const HEADER_BYTES = 8;
/** What a later release may have to say of each node, and of all. */
const MORE = Buffer.from("power");
const TRAILER = Buffer.from("a seal of another kind");

/** The message as a release of the future sends it, no longer than one of ours. */
function encodeLater(message: GossipMessage): Uint8Array {
  const short = { ...message, entries: message.entries.slice(0, 30) };
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
