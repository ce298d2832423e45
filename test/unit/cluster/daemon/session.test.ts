import { describe, expect, test } from "bun:test";
import { encodeDiscovery } from "../../../../cluster/discovery/packet.ts";
import { encodeGossip } from "../../../../cluster/gossip/packet.ts";
import { DatagramSeal, noDrops } from "../../../../cluster/security/datagram-seal.ts";
import { keyOf } from "../../../../cluster/security/key.ts";
import type { SealPurpose } from "../../../../cluster/security/seal.ts";
import { createSession } from "../../../cluster/bare-session.ts";
import { FACTS } from "../../../cluster/simulated-cluster.ts";

const ASKER = 0x0a000002;

const question = (beat: number) =>
  encodeGossip({
    wantsAnswer: true,
    entries: [{ ...FACTS, address: ASKER, incarnation: 1, beat, age: 0, condition: "up" }],
  });

describe("a flood of questions", () => {
  test.each([
    ["to this node is answered as far as there is time", {}, true],
    ["to all at once, whose sender may be forged, is answered by nobody", { isToAll: true }, false],
  ])("%s", (_, options, isHasty) => {
    const { session, drops } = createSession();
    for (let beat = 1; beat <= 500; beat++) session.hearGossip(question(beat), ASKER, options);
    expect(drops.hasty > 0).toBe(isHasty);
    expect(session.gossip.alive).toBe(2);
  });
});

describe("a datagram whose sender names another node as its sender", () => {
  const IMPOSTOR = ASKER + 1;

  function seal(body: Uint8Array, purpose: SealPurpose): Uint8Array {
    const options = { purpose, key: keyOf("secret"), drops: noDrops(), longest: 1_400, mostSenders: 1 };
    return new DatagramSeal(options).seal(body, { sender: IMPOSTOR, incarnation: 1, sequence: 1 });
  }

  test("is dropped where it is gossip", () => {
    const { session, drops } = createSession();
    session.hearGossip(question(1), IMPOSTOR);
    expect([drops.misaddressed, session.gossip.table.size]).toEqual([1, 0]);
  });

  test("is dropped where it is sealed, gossip or discovery", () => {
    const { session, drops } = createSession("secret");
    session.hearGossip(seal(question(1), "gossip"), IMPOSTOR);
    session.hearDiscovery(seal(encodeDiscovery({ type: "ack", addresses: [ASKER] }), "discovery"), IMPOSTOR);
    expect(drops).toEqual({ ...noDrops(), misaddressed: 2 });
    expect(session.gossip.table.size).toBe(0);
  });

  test("is taken in where it is discovery without a seal: omdiscd passes on what it hears on another NIC", () => {
    const { session, drops } = createSession();
    session.hearDiscovery(encodeDiscovery({ type: "ack", addresses: [ASKER] }), IMPOSTOR);
    expect([drops.misaddressed, session.gossip.table.find(ASKER)]).toEqual([0, 0]);
  });
});

describe("addresses outside this node's network and its map", () => {
  const [PUBLIC, LINK_LOCAL, BROADCAST, NETWORK] = [0x08080808, 0xa9fe0101, 0x0a0000ff, 0x0a000000];

  test("are no nodes: not as senders, not as what others name, not by discovery", () => {
    for (const address of [PUBLIC, LINK_LOCAL, BROADCAST, NETWORK]) {
      const { session, drops } = createSession();
      const entry = (of: number, beat: number) =>
        ({ ...FACTS, address: of, incarnation: 1, beat, age: 0, condition: "up" }) as const;
      session.hearGossip(encodeGossip({ wantsAnswer: true, entries: [entry(address, 1)] }), address);
      session.hearDiscovery(encodeDiscovery({ type: "join", addresses: [address] }), address);
      expect([drops.foreign, session.gossip.table.size]).toEqual([2, 0]);
      for (const from of [ASKER, ASKER + 1]) {
        session.gossip.ask(from, 0);
        session.hearGossip(
          encodeGossip({ wantsAnswer: false, entries: [entry(from, 1), entry(address, 1)] }),
          from,
        );
      }
      expect([session.gossip.table.size, session.gossip.table.find(address)]).toEqual([2, undefined]);
    }
  });
});
