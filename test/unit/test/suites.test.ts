import { expect, test } from "bun:test";
import { chooseSuites, SUITES } from "../../suites.ts";

test("chooseSuites() gives the named suites in the order of the list, and all of them without a name", () => {
  expect(chooseSuites(["unit", "types"]).map(({ name }) => name)).toEqual(["types", "unit"]);
  expect(chooseSuites([])).toEqual(SUITES);
});

test("npm test says in one line that there is no such suite", async () => {
  const child = Bun.spawn([process.execPath, "test/all.ts", "nosuch"], { stdout: "pipe", stderr: "pipe" });
  const said = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  const known = SUITES.map(({ name }) => name).join(", ");
  const message = `Cannot run nosuch: there is no such suite, and one of ${known} was wanted\n`;
  expect(said).toEqual(["", message, 1]);
});

test("no suite gives a test a second attempt but that of the emulated nodes", () => {
  const retried = SUITES.filter(({ command }) => command.some((word) => word.startsWith("--retry")));
  expect(retried.map(({ name }) => name)).toEqual(["vm"]);
});
