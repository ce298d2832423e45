import { expect, test } from "bun:test";
import { IdleGuests } from "../../../../init/station/idle-guests.ts";
import { AWAY_SECONDS, Owner, type Signs } from "../../../../init/station/owner.ts";

const QUIET: Signs = { inputs: "tty1 5", load: 0 };
const LATER = AWAY_SECONDS + 1;

test("the owner is away after ten minutes without input, and back with the next key", () => {
  const owner = new Owner();
  expect([0, AWAY_SECONDS - 1, AWAY_SECONDS].map((now) => owner.isAway(QUIET, now))).toEqual([
    false,
    false,
    true,
  ]);
  expect(owner.isAway({ ...QUIET, inputs: "tty1 13" }, LATER)).toBe(false);
  expect(owner.isAway({ ...QUIET, inputs: "tty1 13" }, LATER + AWAY_SECONDS)).toBe(true);
});

test("an owner whom logind sees is here, however long there is no other input", () => {
  const owner = new Owner();
  expect(owner.isAway({ ...QUIET, isInUse: true }, 0)).toBe(false);
  expect(owner.isAway({ ...QUIET, isInUse: true }, LATER)).toBe(false);
  expect(owner.isAway({ ...QUIET, isInUse: false }, LATER + 1)).toBe(false);
  expect(owner.isAway({ ...QUIET, isInUse: false }, 2 * LATER)).toBe(true);
});

test("work of the owner's own keeps guests out from half of the processors on, and sends them away when it fills all", () => {
  const owner = new Owner();
  owner.isAway(QUIET, 0);
  const loads = [0.5, 0.4, 0.9, 1, 0.9, 0.4];
  expect(loads.map((load) => owner.isAway({ ...QUIET, load }, LATER))).toEqual([
    ...[false, true, true],
    ...[false, false, true],
  ]);
});

function make(fails: () => boolean = () => false) {
  const said: string[] = [];
  let signs = QUIET;
  const say = (line: string) => void said.push(line);
  const guests = new IdleGuests({
    log: { error: say, warn: say, info: say, debug: say },
    signs: async () => signs,
    order: async (verb) => {
      if (fails()) throw new Error("no answer");
      said.push(verb);
    },
  });
  return { said, guests, type: () => (signs = { ...signs, inputs: `${signs.inputs}+` }) };
}

test("guests that an earlier run has left go at the start, come while the owner is away, and go when the owner types", async () => {
  const { said, guests, type } = make();
  for (const now of [0, 1, AWAY_SECONDS, LATER]) await guests.look(now);
  expect(said).toEqual(["expel", "noblock", "nobody uses this workstation: it takes guests"]);
  type();
  await guests.look(LATER + 1);
  expect(said.slice(3)).toEqual(["expel", "this workstation is in use: its guests have gone"]);
});

test("an order that fails is given again, and the log has the reason once", async () => {
  let fails = false;
  const { said, guests, type } = make(() => fails);
  for (const now of [0, AWAY_SECONDS]) await guests.look(now);
  fails = true;
  type();
  for (const now of [1, 2, 3]) await guests.look(LATER + now);
  fails = false;
  await guests.look(LATER + 4);
  expect(said.slice(3)).toEqual([
    "Cannot follow clump.guests=idle: no answer, trying again",
    "expel",
    "this workstation is in use: its guests have gone",
  ]);
});
