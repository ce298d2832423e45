import { expect, test } from "bun:test";
import { formatJobs } from "../../../../cluster/commands/jobs-command.ts";

test("a program's name says nothing to the terminal", () => {
  const job = { kind: "away" as const, pid: 7, node: 2, address: "10.0.0.2", seconds: 3, moves: 1 };
  expect(formatJobs([{ ...job, name: "wo\x1b[2Jrk" }])).toContain(" wo?[2Jrk ");
});
