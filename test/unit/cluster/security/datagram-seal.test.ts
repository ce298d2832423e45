import { describe, expect, test } from "bun:test";
import { DatagramSeal, noDrops } from "../../../../cluster/security/datagram-seal.ts";
import { keyOf } from "../../../../cluster/security/key.ts";
import { SEAL_BYTES, type SealPurpose } from "../../../../cluster/security/seal.ts";

const BODY = Buffer.from("a body of the gossip");
const SENDER = 0x0a000001;

function create(key: string | undefined, purpose: SealPurpose = "gossip") {
  const drops = noDrops();
  const sealer = key === undefined ? undefined : keyOf(key);
  return { drops, seal: new DatagramSeal({ purpose, key: sealer, drops, longest: 100, mostSenders: 4 }) };
}

const sent = (sequence: number, incarnation = 1) => ({ sender: SENDER, incarnation, sequence });

describe("a seal with a key", () => {
  test("passes what was sealed with it, and no other", () => {
    const ours = create("secret");
    const datagram = ours.seal.seal(BODY, sent(1));
    expect(datagram.length).toBe(BODY.length + SEAL_BYTES);
    expect(Buffer.from(create("secret").seal.open(datagram, SENDER) ?? [])).toEqual(BODY);
    for (const other of [create("Secret"), create("secret", "discovery")]) {
      expect(other.seal.open(datagram, SENDER)).toBeUndefined();
      expect(other.drops.forged).toBe(1);
    }
  });

  test("turns away another sender's, a bare one, and any changed byte", () => {
    const { seal: ours, drops } = create("secret");
    const datagram = ours.seal(BODY, sent(1));
    expect(ours.open(datagram, SENDER + 1)).toBeUndefined();
    expect(ours.open(BODY, SENDER)).toBeUndefined();
    expect(ours.open(BODY.subarray(0, 3), SENDER)).toBeUndefined();
    for (let at = 0; at < datagram.length; at++) {
      const changed = Uint8Array.from(datagram);
      changed[at]! ^= 1;
      expect(ours.open(changed, SENDER)).toBeUndefined();
    }
    expect(drops.forged).toBe(3 + datagram.length);
    expect(ours.open(datagram, SENDER)).toBeDefined();
  });

  test("takes each once, in any order within its window, and none of an earlier life", () => {
    const { seal: ours, drops } = create("secret");
    const opens = (sequence: number, incarnation = 1) =>
      ours.open(ours.seal(BODY, sent(sequence, incarnation)), SENDER) !== undefined;
    expect([5, 7, 6, 7, 5, 4].map((sequence) => opens(sequence))).toEqual([
      true,
      true,
      true,
      false,
      false,
      true,
    ]);
    expect([opens(100), opens(69), opens(68), opens(69)]).toEqual([true, true, false, false]);
    expect([opens(1, 2), opens(101, 1)]).toEqual([true, false]);
    expect(drops.replayed).toBe(5);
  });

  test("says whose datagram came again, or from an earlier life, where its seal is good", () => {
    const { seal: ours } = create("secret");
    const heard: unknown[] = [];
    const options = {
      purpose: "gossip",
      key: keyOf("secret"),
      drops: noDrops(),
      longest: 100,
      mostSenders: 4,
    } as const;
    const listening = new DatagramSeal({ ...options, onReplay: (...said) => heard.push(said) });
    for (const [sequence, life] of [
      [8, 2],
      [8, 2],
      [9, 1],
    ] as const) {
      listening.open(ours.seal(BODY, sent(sequence, life)), SENDER);
    }
    const latest = { incarnation: 2, sequence: 8 };
    expect(heard).toEqual([
      [SENDER, latest],
      [SENDER, latest],
    ]);
    listening.open(create("another").seal.seal(BODY, sent(1, 1)), SENDER);
    expect(heard).toHaveLength(2);
  });

  test("takes the life after the last number there is", () => {
    const { seal: ours } = create("secret");
    const opens = (sequence: number, incarnation: number) =>
      ours.open(ours.seal(BODY, sent(sequence, incarnation)), SENDER) !== undefined;
    expect([opens(1, 0xffffffff), opens(1, 0), opens(2, 0xffffffff)]).toEqual([true, true, false]);
  });

  test("remembers no more senders than it may, and forgets the one longest unheard", () => {
    const { seal: ours } = create("secret");
    const from = (sender: number) =>
      ours.open(ours.seal(BODY, { sender, incarnation: 1, sequence: 1 }), sender) !== undefined;
    expect([1, 2, 3, 4, 5].map(from)).toEqual([true, true, true, true, true]);
    expect([5, 4, 3, 2].map(from)).toEqual([false, false, false, false]);
    expect(from(1)).toBe(true);
  });
});

test("a seal without a key passes what is no longer than it should be", () => {
  const { seal: open, drops } = create(undefined);
  expect(open.seal(BODY, sent(1))).toEqual(BODY);
  expect(open.open(BODY, SENDER)).toEqual(BODY);
  expect(open.open(new Uint8Array(101), SENDER)).toBeUndefined();
  expect(drops.oversized).toBe(1);
});
