import { expect, test } from "bun:test";
import { drive } from "../../../../cluster/migration/drive.ts";
import { MoveWatch } from "../../../../cluster/migration/move-watch.ts";
import type { Effect } from "../../../../cluster/migration/transition.ts";

/** A move of which each step takes 100 ms, and one step fails. */
async function move(fails?: Effect) {
  let now = 0;
  const freezes: number[] = [];
  const watch = new MoveWatch(
    (seconds) => freezes.push(seconds),
    () => now,
  );
  const act = async (effect: Effect) => {
    now += 100;
    if (effect === fails) throw new Error("it fails");
  };
  const state = await drive({ act, hasEnded: () => false }, watch);
  return { at: state.at, freezes, failed: watch.failed };
}

test("a process stands still from the freeze until its guest runs, or until it runs on at home", async () => {
  // freeze, dump, send, restore, commit, go
  expect(await move()).toEqual({ at: "AWAY", freezes: [0.6], failed: undefined });
  // freeze, dump, send, refuse, thaw
  expect(await move("send")).toEqual({ at: "HOME", freezes: [0.5], failed: "send" });
});

test("a process that stays before the freeze has not stood still", async () => {
  expect(await move("examine")).toEqual({ at: "HOME", freezes: [], failed: "examine" });
});
