import { afterEach, expect, jest, test } from "bun:test";
import { findSlurmLeave, leaveSlurm } from "../../../../init/end/slurm.ts";
import { answerDeparture, readDeparture } from "../../../../system/state/departure.ts";
import { makeRoot } from "../../../fixtures/root.ts";
import { fakeMachine, settle } from "../../../lib/fake-kernel.ts";

afterEach(() => void jest.useRealTimers());

test.each([
  [{}, undefined],
  [{ "/run/slurm/leave": "" }, undefined],
  [{ "/run/slurm/leave": "wait\n" }, "wait"],
  [{ "/run/slurm/leave": "requeue\n" }, "requeue"],
] as const)("findSlurmLeave() finds in %p %p", (files, how) => {
  using root = makeRoot(files);
  expect(findSlurmLeave(root.path)).toBe(how);
});

async function seconds(count: number): Promise<void> {
  for (let waited = 0; waited < count * 1_000; waited += 100) {
    await settle();
    jest.advanceTimersByTime(100);
  }
  await settle();
}

/** A node that leaves; `status` is that of the script, which ends by itself only where there is one. */
async function leave(how: "requeue" | "wait", { status, answer }: { status?: number; answer?: "now" } = {}) {
  jest.useFakeTimers();
  using root = makeRoot();
  const machine = fakeMachine(root.path);
  const commands: string[] = [];
  machine.children.onSpawn = (child) => {
    commands.push(child.command.join(" "));
    child.said = "Cannot leave Slurm in order: no answer\n";
    if (status !== undefined) child.finish(status);
  };
  let outcome = "waits";
  void leaveSlurm(machine, how).then(
    () => (outcome = "has left"),
    (error: Error) => (outcome = error.message),
  );
  await seconds(1);
  const shown = readDeparture(root.path);
  if (answer !== undefined) answerDeparture(root.path, answer);
  await seconds(100);
  return { outcome, commands, shown };
}

test("a node leaves Slurm, and its screen says so", async () => {
  const { outcome, commands, shown } = await leave("requeue", { status: 0 });
  expect(outcome).toBe("has left");
  expect(commands).toEqual(["/usr/lib/clump/slurm-node leave requeue"]);
  expect(shown).toMatchObject({ stays: [], slurm: "requeue" });
});

test("what keeps a node from it is named", async () => {
  expect((await leave("wait", { status: 1 })).outcome).toBe("Cannot leave Slurm in order: no answer");
});

test("jobs that are requeued have 90 s, and jobs that are waited for have days", async () => {
  expect((await leave("requeue")).outcome).toBe("Cannot leave Slurm within 90 s");
  expect((await leave("wait")).outcome).toBe("waits");
});

test("a person at the screen ends the wait", async () => {
  expect((await leave("wait", { answer: "now" })).outcome).toBe("has left");
});
