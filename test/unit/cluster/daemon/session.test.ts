import { describe, expect, test } from "bun:test";
import { encodeGossip } from "../../../../cluster/gossip/packet.ts";
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
