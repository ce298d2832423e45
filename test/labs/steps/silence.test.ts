/** The daemon of the guest's node hangs within a move: it keeps its connections, and says nothing. */

import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { until } from "../../lib/until.ts";
import { OneMove } from "./one-move.ts";

let move: OneMove;

beforeAll(async () => {
  move = await OneMove.start();
}, 120_000);
afterEach(async () => await move?.settle());
afterAll(async () => await move?.stop());

test(
  "a process that stands still runs on at home after 30 s, and not there when that daemon goes on",
  async () =>
    await move.explained(async () => {
      await move.holdAt("restoring", true);
      move.hang();
      expect(await move.end()).toContain("the other node has said nothing for 30 s");
      expect(move.isFrozen).toBe(false);
      await move.job.goesOn();
      await move.release();
      await until(() => move.leftAbroad.length === 0);
      await move.job.endRight();
    }),
  120_000,
);
