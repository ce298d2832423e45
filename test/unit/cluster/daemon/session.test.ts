import { describe, expect, test } from "bun:test";
import { createLoadMeter } from "../../../../cluster/daemon/own-load.ts";
import { stateFromView } from "../../../../cluster/daemon/own-state.ts";
import { Session } from "../../../../cluster/daemon/session.ts";
import { encodeGossip } from "../../../../cluster/gossip/packet.ts";
import { noDrops } from "../../../../cluster/security/gate.ts";
import { FACTS } from "../../../cluster/simulated-cluster.ts";

const ADDRESS = 0x0a000001;
const ASKER = 0x0a000002;

/** A session without sockets, and what it turns away. */
function createSession() {
  const drops = noDrops();
  const session = new Session({
    place: { address: ADDRESS, aliases: [], id: 1, map: [] },
    key: undefined,
    discovery: "map",
    drops,
    state: () => stateFromView(undefined),
    meter: createLoadMeter("/nonexistent"),
    changed: () => {},
  });
  return { session, drops };
}

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
