import { expect, test } from "bun:test";
import { getPriority } from "node:os";
import { parseDemo, runDemo } from "../../../../cluster/commands/demo-command.ts";

function quiet() {
  const said: string[] = [];
  const io = {
    root: "",
    stdout: (text: string) => void said.push(text),
    stderr: (text: string) => void said.push(text),
  };
  return { io, said };
}

test("parseDemo() has a minute and a process for each processor", () => {
  expect(parseDemo(["load"])).toEqual({ seconds: 60, processes: navigator.hardwareConcurrency });
  expect(parseDemo(["load", "5", "3"])).toEqual({ seconds: 5, processes: 3 });
});

test.each([
  [["load", "0"], 'Cannot compute for "0" seconds: a whole number from 1 to 3600 was wanted'],
  [["load", "3601"], 'Cannot compute for "3601" seconds'],
  [["load", "1m"], 'Cannot compute for "1m" seconds'],
  [["load", "9", "257"], 'Cannot compute for "257" processes: a whole number from 1 to 256 was wanted'],
])("parseDemo() refuses %j", (words, message) => {
  expect(() => parseDemo(words)).toThrow(message);
});

test("clump demo load computes with that many processes of low priority for that time", async () => {
  const { io, said } = quiet();
  const children: Bun.Subprocess[] = [];
  const start = performance.now();
  const priorities: number[] = [];
  const code = runDemo(["load", "1", "2"], io, (command) => {
    const child = Bun.spawn(command);
    children.push(child);
    return child;
  });
  priorities.push(...children.map(({ pid }) => getPriority(pid)));
  expect(await code).toBe(0);
  expect(said).toEqual(["2 processes compute for 1 s; Ctrl-C ends it\n"]);
  expect(priorities).toEqual([19, 19]);
  expect(performance.now() - start).toBeGreaterThan(900);
  // A process that waits takes less than that, and one of low priority little more on a busy host.
  for (const child of children) expect(child.resourceUsage()?.cpuTime.total).toBeGreaterThan(5_000n);
});

test("a signal ends the processes before their time", async () => {
  const { io } = quiet();
  const [killed, ended]: [number[], PromiseWithResolvers<number>[]] = [[], []];
  const code = runDemo(["load", "60", "2"], io, () => {
    const end = Promise.withResolvers<number>();
    const number = ended.push(end);
    const kill = () => {
      killed.push(number);
      end.resolve(143);
    };
    return { pid: 2 ** 30, exited: end.promise, kill };
  });
  process.emit("SIGINT");
  expect(await code).toBe(130);
  expect(killed).toEqual([1, 2]);
});
