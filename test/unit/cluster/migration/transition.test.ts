import { describe, expect, test } from "bun:test";
import {
  type Effect,
  type Event,
  START,
  START_AGAIN,
  type State,
  type Step,
  transition,
} from "../../../../cluster/migration/transition.ts";

const DONE: Event = { kind: "done" };
const FAILED: Event = { kind: "failed", reason: "no room" };
const ENDED: Event = { kind: "ended" };

/** Everything that a move performs when all but its n-th step succeed. */
function run(
  failing: number | undefined,
  failure: Event = FAILED,
  start: Step = START,
): { effects: Effect[]; state: State } {
  let { state, effects } = start;
  const performed: Effect[] = [];
  for (let step = 0; effects.length > 0 && step < 20; step++) {
    performed.push(...effects);
    ({ state, effects } = transition(state, step === failing ? failure : DONE));
  }
  return { effects: performed, state };
}

const WAY: Effect[] = ["examine", "copy", "freeze", "dump", "send", "restore", "commit", "go"];

describe("a move", () => {
  test("goes over all steps, and the job is away", () => {
    expect(run(undefined)).toEqual({ effects: [...WAY, "keep"], state: { at: "AWAY" } });
  });

  test.each([
    [0, ["forget"]],
    [1, ["refuse", "forget"]],
    [2, ["refuse", "thaw", "forget"]],
    [3, ["refuse", "thaw", "forget"]],
    [4, ["refuse", "thaw", "forget"]],
    [5, ["refuse", "thaw", "forget"]],
    [6, ["refuse", "thaw", "forget"]],
  ] as const)("that fails in step %p leads home", (step, way) => {
    expect(run(step)).toEqual({
      effects: [...WAY.slice(0, step + 1), ...way],
      state: { at: "HOME", reason: "no room" },
    });
    expect(run(step, ENDED).state).toEqual({ at: "ENDED" });
  });

  test("stays committed when the last word is lost", () => {
    expect(run(7).state).toEqual({ at: "AWAY" });
  });

  test("kills the copy before the original runs on", () => {
    for (let step = 0; step < WAY.length; step++) {
      const { effects } = run(step);
      const [refuse, thaw] = [effects.indexOf("refuse"), effects.indexOf("thaw")];
      if (thaw >= 0) expect(refuse).toBeLessThan(thaw);
    }
  });

  test("lets the guest run only behind a commit, and never thaws behind it", () => {
    for (const failure of [FAILED, ENDED]) {
      for (let step = 0; step < WAY.length; step++) {
        const { effects } = run(step, failure);
        if (!effects.includes("go")) continue;
        expect(effects.indexOf("commit")).toBeLessThan(effects.indexOf("go"));
        expect(effects.slice(effects.indexOf("commit"))).not.toContain("thaw");
      }
    }
  });

  test.each<State>([{ at: "AWAY" }, { at: "ENDED" }, { at: "HOME", reason: "no room" }])(
    "that is over stays over: %j",
    (state) => {
      for (const event of [DONE, FAILED, ENDED])
        expect(transition(state, event)).toEqual({ state, effects: [] });
    },
  );
});

describe("a job that is started again from its image", () => {
  test("goes over the end of the way alone: its original stays a deputy", () => {
    expect(run(undefined, FAILED, START_AGAIN)).toEqual({
      effects: [...WAY.slice(WAY.indexOf("send")), "keep"],
      state: { at: "AWAY" },
    });
  });

  test.each([0, 1, 2])("has its copy killed where step %p fails, and has not run", (step) => {
    const { effects, state } = run(step, FAILED, START_AGAIN);
    expect(effects).toContain("refuse");
    expect(effects).not.toContain("go");
    expect(state).toEqual({ at: "HOME", reason: "no room" });
  });
});
