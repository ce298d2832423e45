import { expect, test } from "bun:test";
import { parseArguments } from "../../../system/arguments.ts";

const read = (...args: string[]) =>
  parseArguments({
    args,
    options: { port: { type: "string" }, quiet: { type: "boolean" }, short: { type: "string", short: "s" } },
  }).values;

test("parseArguments() reads what it knows", () => {
  expect({ ...read("--port", "80", "--quiet") }).toEqual({ port: "80", quiet: true });
});

test.each<[string[], string]>([
  [["--prot", "80"], 'Cannot use "--prot": one of --port, --quiet, --short was wanted'],
  [["word"], 'Cannot use "word": one of --port, --quiet, --short was wanted'],
  [["-x"], 'Cannot use "-x": one of --port, --quiet, --short was wanted'],
  [["--port"], "Cannot use --port: a value behind it was wanted"],
  [["--port", "--quiet"], "Cannot use --port: a value behind it was wanted"],
  [["-s"], "Cannot use --short: a value behind it was wanted"],
  [["--short"], "Cannot use --short: a value behind it was wanted"],
  [["--quiet=yes"], "Cannot use --quiet: no value was wanted"],
])("parseArguments() refuses %j", (args, message) => {
  expect(() => read(...args)).toThrow(new RangeError(message));
});
