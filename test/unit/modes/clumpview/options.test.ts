import { expect, test } from "bun:test";
import { parseClumpviewOptions } from "../../../../modes/clumpview/options.ts";

test.each([
  [["--demo", "100"], { demo: 100, prints: undefined, consoles: [] }],
  [["--recorded", "x", "--json"], { recorded: "x", prints: "json" }],
  [["-m", "-dt", "--mono"], { pressed: "m", mono: true }],
  [["-Vs", "--demo", "3"], { pressed: "Vs", demo: 3 }],
  [["--host", "10.0.0.7", "--key", "x"], { host: "10.0.0.7", key: "x", pressed: "" }],
  [["--drone", "--svgalib"], { drone: true, prints: undefined }],
  [["--console", "/dev/tty1", "--console", "/dev/tty1"], { consoles: ["/dev/tty1"] }],
])("parseClumpviewOptions() of %j", (argv, wanted) => {
  expect(parseClumpviewOptions(argv, {})).toMatchObject(wanted);
});

test.each([
  [{}, [], false],
  [{ NO_COLOR: "1" }, [], true],
  [{ NO_COLOR: "" }, [], false],
  [{ TERM: "dumb" }, [], true],
  [{ TERM: "linux" }, ["--mono"], true],
])("with %j and %j it is mono: %p", (environment, argv, mono) => {
  expect(parseClumpviewOptions(argv, environment).mono).toBe(mono);
});

test.each([
  [["--demo", "many"], 'Cannot make up "many" nodes: 1 to 4096 were wanted'],
  [["--host", "x", "--demo", "3"], "Cannot show: --demo and --host were given, and one was wanted"],
  [["-x"], "-x"],
  [["--once", "--record"], "Cannot print: --once and --record were given, and one was wanted"],
  [["--demo", "3", "--recorded", "x"], "Cannot show: --demo and --recorded were given, and one was wanted"],
])("it refuses %j: %s", (argv, message) => {
  expect(() => parseClumpviewOptions(argv, {})).toThrow(message);
});
