import { describe, expect, test } from "bun:test";
import type { Session } from "../../cluster/daemon/session.ts";
import { encodeDiscovery } from "../../cluster/discovery/packet.ts";
import { encodeGossip, mostEntries } from "../../cluster/gossip/packet.ts";
import { MOST_NODES } from "../../cluster/gossip/table.ts";
import { DatagramSeal } from "../../cluster/security/datagram-seal.ts";
import { keyOf } from "../../cluster/security/key.ts";
import { SEAL_BYTES } from "../../cluster/security/seal.ts";
import { createRandom } from "../lib/random.ts";
import { createSession } from "./bare-session.ts";
import { FACTS } from "./simulated-cluster.ts";

const DATAGRAMS = 1_000_000;
const GROWTH_LIMIT = 24 * 2 ** 20;
const random = createRandom(7);
const below = (most: number) => Math.floor(random() * most);

function gossipOf(address: number): Uint8Array {
  const entries = Array.from({ length: 1 + below(mostEntries(SEAL_BYTES)) }, (_, index) => ({
    ...FACTS,
    address: index === 0 ? address : below(2 ** 32),
    incarnation: below(2 ** 32),
    beat: below(2 ** 32),
    age: below(700_000),
    condition: "up" as const,
  }));
  return encodeGossip({ wantsAnswer: random() < 0.5, entries });
}

/** Noise, damaged datagrams, true ones of nodes that are not there: what a flood may be made of. */
function throwAt(session: Session, samples: readonly Uint8Array[]): void {
  const from = 0x0a000002 + below(2 ** 20);
  const kind = below(8);
  if (kind === 0)
    session.hearGossip(
      new Uint8Array(below(1_500)).map(() => below(256)),
      from,
    );
  else if (kind === 1)
    session.hearDiscovery(
      new Uint8Array(below(60)).map(() => below(256)),
      from,
    );
  else if (kind === 2)
    session.hearDiscovery(encodeDiscovery({ type: "join", addresses: [from, below(2 ** 32)] }), from);
  else if (kind === 3) session.hearDiscovery(encodeDiscovery({ type: "leave", addresses: [from] }), from);
  else {
    const sample = Uint8Array.from(samples[below(samples.length)] ?? []);
    if (kind > 5) sample[below(sample.length)] = below(256);
    new DataView(sample.buffer).setUint32(8, from);
    session.hearGossip(kind === 4 ? sample.subarray(0, below(sample.length)) : sample, from);
  }
}

describe.each([
  ["an open cluster", undefined],
  ["a cluster with a key", "secret"],
])("%s", (_, key) => {
  test("survives a million datagrams of a flood in flat memory", () => {
    const { session, drops } = createSession(key, 8);
    const samples = Array.from({ length: 200 }, () => gossipOf(below(2 ** 32)));
    let before = 0;
    for (let count = 0; count < DATAGRAMS; count++) {
      if (count === DATAGRAMS / 4) before = memoryNow();
      if (count % 1_000 === 0) session.gossip.tick(count * 10);
      throwAt(session, samples);
    }
    expect(memoryNow() - before).toBeLessThan(GROWTH_LIMIT);
    expect(session.gossip.table.size).toBeLessThanOrEqual(MOST_NODES);
    expect(session.aliases.size).toBeLessThanOrEqual(MOST_NODES);
    const dropped = Object.values(drops).reduce((sum, value) => sum + value, 0);
    if (key === undefined) expect(dropped).toBeGreaterThan(DATAGRAMS / 4);
    else expect([dropped, session.gossip.table.size]).toEqual([DATAGRAMS, 0]);
    session.close();
  });
});

test("what the key has sealed counts once, however often it is sent again", () => {
  const { session, drops } = createSession("secret");
  const address = 0x0a000002;
  const seal = new DatagramSeal({
    purpose: "gossip",
    key: keyOf("secret"),
    drops,
    longest: 1_400,
    mostSenders: 1,
  });
  const sealed = seal.seal(gossipOf(address), { sender: address, incarnation: 1, sequence: 1 });
  for (let count = 0; count < 1_000; count++) session.hearGossip(sealed, address);
  expect(drops).toMatchObject({ replayed: 999, forged: 0 });
  session.close();
});

function memoryNow(): number {
  Bun.gc(true);
  return process.memoryUsage().rss;
}
