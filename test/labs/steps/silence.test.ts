/** What takes part in a move hangs: a daemon keeps its connections, and says nothing. */

import { expect, test } from "bun:test";
import { until } from "../../lib/until.ts";
import { useOneMove } from "./use-one-move.ts";

const move = useOneMove();

test(
  "a process that stands still runs on at home after 30 s, and not there when that daemon goes on",
  async () =>
    await move().explained(async () => {
      await move().holdAt("restoring", true);
      move().hang();
      expect(await move().end()).toContain("the other node has said nothing for 30 s");
      expect(move().isFrozen).toBe(false);
      await move().job.goesOn();
      await move().release();
      await until(() => move().leftAbroad.length === 0);
      await move().job.endRight();
    }),
  120_000,
);

test(
  "an injector that stands still when its daemon is killed does its work before the next daemon begins",
  async () =>
    await move().explained(async () => {
      await move().holdAt("committing", true);
      move().nodes.node(1).killDaemon();
      await until(() => !move().nodes.node(1).listens);
      await until(() => move().nodes.node(1).listens);
      await move().release();
      await move().job.goesOn();
      expect(move().isAway).toBe(true);
      await move().job.endRight();
      await until(() => move().leftAbroad.length === 0);
    }),
  120_000,
);
