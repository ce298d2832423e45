import { expect, test } from "bun:test";
import { runByChildren } from "../../../system/tool.ts";
import { FakeChildren } from "../../lib/fake-kernel.ts";

const COMMAND = ["/usr/bin/true"];

test.each([
  [0, "", { ok: true, output: "", complaint: "it ended with status 0" }],
  [1, "no such archive\n", { ok: false, output: "", complaint: "no such archive" }],
] as const)("runByChildren() tells of a child that ended with %d", async (status, errors, said) => {
  const children = new FakeChildren();
  children.onSpawn = (child) => {
    child.said = errors;
    child.finish(status);
  };
  expect(await runByChildren(children)(COMMAND, 1_000)).toEqual(said);
  expect(children.all[0]?.command).toEqual(COMMAND);
});

test("runByChildren() ends a child that is late, and tells of one that cannot be started", async () => {
  const children = new FakeChildren();
  expect((await runByChildren(children)(COMMAND, 1)).complaint).toBe("not done after 0.001 s");
  children.onSpawn = () => {
    throw new Error("no such program");
  };
  expect((await runByChildren(children)(COMMAND, 1_000)).complaint).toBe("no such program");
});
