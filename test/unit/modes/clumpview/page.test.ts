import { expect, test } from "bun:test";
import { Page } from "../../../../modes/clumpview/page.ts";
import type { Source } from "../../../../modes/sources/source.ts";
import type { NodeStatus } from "../../../../system/state/node-status.ts";
import { CONFIGURED } from "./states.ts";

function pageOf(status: NodeStatus, kinds: readonly string[]): Page {
  const source = { status: () => status, moves: () => ({ jobs: kinds.map((kind) => ({ kind })) }) };
  return new Page(source as unknown as Source, { leaving: "", opensShells: true });
}

test.each([
  [[], undefined, false],
  [["home"], undefined, false],
  [["guest"], undefined, true],
  [["arriving"], undefined, true],
  [[], { state: "idle", jobs: 0 }, true],
] as const)("a node with the jobs %p and %p in Slurm takes leave: %p", (kinds, slurm, takesLeave) => {
  const page = pageOf({ ...CONFIGURED, ...(slurm && { slurm }) }, kinds);
  expect(page.takesLeave).toBe(takesLeave);
});
