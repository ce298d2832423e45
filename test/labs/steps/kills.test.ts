/** Daemons, criu(8), the supervisor and connections are killed at each step of a move. */

import { describe, expect, test } from "bun:test";
import { until } from "../../lib/until.ts";
import type { Step } from "./one-move.ts";
import { useOneMove } from "./use-one-move.ts";

const move = useOneMove();

interface Kills {
  readonly kill: () => void | Promise<void>;
  /** The steps after which the process stays at home, and those after which it is away. */
  readonly stays: readonly Step[];
  readonly goes: readonly Step[];
}

const BEFORE: readonly Step[] = ["copying", "freezing", "dumping", "sending", "restoring"];
const COMMITTED: readonly Step[] = ["committing", "releasing", "away"];

const KILLS: { readonly [what: string]: Kills } = {
  "the daemon of the home is killed": {
    kill: () => move().nodes.node(1).killDaemon(),
    stays: ["asking", ...BEFORE],
    goes: COMMITTED,
  },
  "the daemon of the guest's node is killed": {
    kill: () => move().nodes.node(2).killDaemon(),
    stays: ["asking", ...BEFORE],
    goes: COMMITTED,
  },
  "the connections break": { kill: () => move().nodes.killLinks(1), stays: BEFORE, goes: COMMITTED },
  // The other node starts another one as long as there are no images, and where there is no original any more.
  "the supervisor is killed": {
    kill: () => move().killSupervisor(),
    stays: ["restoring"],
    goes: ["copying", "dumping", "sending", "committing", "releasing"],
  },
  // A process that cannot be copied while it runs moves all the same.
  "criu is killed": {
    kill: () => move().killCriu(),
    stays: ["dumping", "restoring"],
    goes: ["copying", "committing"],
  },
  // The next daemon has the images of a process that is nowhere else any more.
  "the daemon of the guest's node is killed, and criu with it,": {
    kill: () => {
      move().nodes.node(2).killDaemon();
      move().killCriu();
    },
    stays: ["restoring"],
    goes: ["committing"],
  },
};

describe.each(Object.entries(KILLS))("%s while home is", (_, { kill, stays, goes }) => {
  const ends = async (step: Step, wanted: "away" | "at home") =>
    await move().explained(async () => {
      await move().holdAt(step, true);
      await kill();
      await move().release();
      await move().job.goesOn();
      const { isAway } = move();
      await move().job.endRight();
      await until(() => move().leftAbroad.length === 0);
      expect(isAway ? "away" : "at home").toBe(wanted);
    });

  test.each([...stays])("%s: the process runs on at home", async (step) => await ends(step, "at home"));

  test.each([...goes])(
    "%s: the process is away, with nothing lost or doubled",
    async (step) => await ends(step, "away"),
  );
});
