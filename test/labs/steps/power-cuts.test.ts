/** The power of a node fails at each step of a move. */

import { describe, expect, test } from "bun:test";
import { until } from "../../lib/until.ts";
import { STEPS, type Step } from "./one-move.ts";
import { useOneMove } from "./use-one-move.ts";

const move = useOneMove();

/** The process has not stood still yet. */
const RUNNING: readonly Step[] = ["asking", "copying"];
/** From then on nothing of the process is at home but its deputy. */
const COMMITTED: readonly Step[] = ["committing", "releasing", "away"];

describe("the power of the guest's node fails while home is", () => {
  const stays = async (step: Step) => {
    await move().holdAt(step);
    expect(move().isFrozen).toBe(!RUNNING.includes(step));
    await move().nodes.powerOff(2);
    expect(await move().release()).not.toBe("");
    await move().job.goesOn();
    expect(move().isAway).toBe(false);
    await move().job.endRight();
  };
  const isLost = async (step: Step) => {
    await move().holdAt(step);
    await move().nodes.powerOff(2);
    await move().release();
    expect(await move().job.end()).toBe("SIGKILL");
    expect(move().nodes.node(1).said).toMatch(
      new RegExp(`job ${move().job.pid} \\(criu\\) was on 10.82.0.2 and is lost: its node is dead`),
    );
  };

  test.each(STEPS.filter((step) => !COMMITTED.includes(step)))(
    "%s: the process runs on at home, and migrate says why",
    async (step) => await move().explained(() => stays(step)),
  );

  test.each(COMMITTED)(
    "%s: the job ends by SIGKILL, and the log names it",
    async (step) => await move().explained(() => isLost(step)),
  );
});

describe("the power of the home fails while it is", () => {
  const leavesNothing = async (step: Step) => {
    await move().holdAt(step);
    await move().nodes.powerOff(1);
    await move().release();
    await until(() => move().leftAbroad.length === 0);
  };

  test.each([...STEPS])(
    "%s: nothing of the job is left on the other node",
    async (step) => await move().explained(() => leavesNothing(step)),
  );
});
