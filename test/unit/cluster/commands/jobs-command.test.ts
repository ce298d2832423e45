import { expect, test } from "bun:test";
import { formatJobs, formatProcesses } from "../../../../cluster/commands/jobs-command.ts";
import { readProcess } from "../../../../probes/processes/process.ts";

test("a program's name says nothing to the terminal", () => {
  const job = { kind: "away" as const, pid: 7, node: 2, address: "10.0.0.2", seconds: 3, moves: 1 };
  expect(formatJobs([{ ...job, name: "wo\x1b[2Jrk" }])).toContain(" wo?[2Jrk ");
});

test("mps lists neither guests nor what runs on for a process that has come home: the process has its line", () => {
  const facts = (pid: number, parent: number, name: string) => ({
    ...readProcess("", process.pid)!,
    pid,
    parent,
    name,
    argv: [name],
  });
  const processes = [
    facts(1, 0, "init"),
    facts(7, 1, "sh"),
    facts(8, 1, "clump-guest"),
    facts(9, 8, "init"),
    facts(10, 9, "sh"),
  ];
  const away = {
    kind: "away" as const,
    pid: 7,
    name: "sh",
    node: 1,
    address: "10.0.0.1",
    seconds: 3,
    moves: 2,
  };
  const lines = formatProcesses({ jobs: [away], locked: [] }, processes)
    .trim()
    .split("\n");
  expect(lines.slice(1).map((line) => line.trim().split(/ +/).slice(0, 3))).toEqual([
    ["1", "0", "0"],
    ["7", "1", "2"],
    ["8", "0", "0"],
  ]);
});
