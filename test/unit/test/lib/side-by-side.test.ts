import { expect, test } from "bun:test";
import { makeRoot } from "../../../fixtures/root.ts";
import { runSideBySide } from "../../../lib/side-by-side.ts";

const sh = (name: string, script: string) => ({ name, command: ["/bin/sh", "-c", script] });

async function run(...suites: Parameters<typeof runSideBySide>[0]) {
  const printed: string[] = [];
  const passed = await runSideBySide(suites, (text) => printed.push(text));
  return { passed, printed: printed.join("") };
}

test("runSideBySide() prints one line for a suite that passed, and none of its output", async () => {
  const { passed, printed } = await run(sh("types", "echo noise; echo noise >&2"));
  expect(passed).toBe(true);
  expect(printed).toMatch(/^types {2}ok {2}\d+\.\d s\n$/);
});

test("runSideBySide() prints all that a failed suite wrote, and one failure fails the run", async () => {
  const { passed, printed } = await run(sh("a", "echo out; echo err >&2; exit 3"), sh("longer", "true"));
  expect(passed).toBe(false);
  expect(printed).toMatch(/^a {7}FAILED {2}\d+\.\d s\nout\nerr\n/m);
  expect(printed).toMatch(/^longer {2}ok/m);
});

test("runSideBySide() starts all suites at once", async () => {
  using folder = makeRoot({});
  const meet = (own: string, other: string) =>
    `cd ${folder.path}; touch ${own}; for i in $(seq 500); do test -e ${other} && exit; sleep 0.02; done; exit 1`;
  expect((await run(sh("a", meet("a", "b")), sh("b", meet("b", "a")))).passed).toBe(true);
});

test("runSideBySide() says why a suite cannot be started", async () => {
  const { passed, printed } = await run({ name: "a", command: ["/absent/program"] });
  expect(passed).toBe(false);
  expect(printed).toContain("ENOENT");
});
