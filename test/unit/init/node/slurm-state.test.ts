import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { SlurmState } from "../../../../init/node/slurm-state.ts";
import { makeRoot, type Root } from "../../../fixtures/root.ts";
import { fakeMachine } from "../../../lib/fake-kernel.ts";

const REQUEST = { controllers: "ctl:6817", leave: "requeue" } as const;

function stateIn(root: Root) {
  const { log } = fakeMachine(root.path);
  let changes = 0;
  const state = new SlurmState({ root: root.path, request: REQUEST, log, changed: () => void changes++ });
  return { state, log, changes: () => changes };
}

test.each([
  ["state idle 0 none", { state: "idle", jobs: 0 }],
  ["state mixed 2 none", { state: "mixed", jobs: 2 }],
  ["state drained* 1 Kill task failed", { state: "drained*", jobs: 1, why: "Kill task failed" }],
  ["no answer", undefined],
  ["", undefined],
])("of %p the screens show %p", (line, shown) => {
  using root = makeRoot({ "/run/slurm/state": `${line}\n` });
  const { state } = stateIn(root);
  state.look();
  expect(state.current()).toEqual(shown);
});

test.each([
  ["no archive", "slurm.img was wanted"],
  ["no key", "clump.key= was wanted"],
  ["no record", "_slurmctld._tcp in the domain of the lease was wanted"],
  ["no answer", "the controller ctl:6817 does not answer"],
  ["hung up", "the controller ctl:6817 hangs up"],
  ["protocol 10752 22.05.8", "the controller ctl:6817 has version 24.11, and one of 22.05, 23.02, 23.11 was"],
])("the problem %p is named on the screen and once in the log", (line, words) => {
  using root = makeRoot({ "/run/slurm/state": `${line}\n` });
  const { state, log, changes } = stateIn(root);
  state.look();
  state.look();
  expect(state.problems()).toEqual([expect.stringContaining(words)]);
  expect(log.lines).toEqual([`warn: ${state.problems()[0]}`]);
  expect(changes()).toBe(1);
  writeFileSync(`${root.path}/run/slurm/state`, "state idle 0 none\n");
  state.look();
  expect(state.problems()).toEqual([]);
  expect(changes()).toBe(2);
});

test("a node whose slurmd has only started has neither a state nor a problem", () => {
  using root = makeRoot();
  const { state, changes } = stateIn(root);
  state.look();
  expect([state.current(), state.problems(), changes()]).toEqual([undefined, [], 0]);
});
