import { describe, expect, test } from "bun:test";
import { readOptions, wholeNumber } from "../../../../assets/command-line/options.ts";

const SCRIPT = {
  call: "npm run try",
  does: "Tries the options.",
  options: {
    file: { type: "string", requiresArg: true },
    nic: { type: "string", array: true, default: ["none"] as string[] },
    count: { default: 3, requiresArg: true },
    "long-name": { type: "boolean", default: false },
  },
} as const;

const read = (argv: readonly string[], env = {}) => readOptions(SCRIPT, argv, env);

describe("readOptions()", () => {
  test("has the defaults, and no value for the rest", () => {
    expect(read([])).toEqual({ file: undefined, nic: ["none"], count: 3, "long-name": false, words: [] });
  });

  test("takes the last value of an option given twice, and every value of an array", () => {
    const argv = ["--file", "a", "--nic", "x", "--file=b", "--nic=y"];
    expect(read(argv)).toMatchObject({ file: "b", nic: ["x", "y"] });
  });

  test.each<[string, string[], RegExp]>([
    [
      "a misspelt option",
      ["--fil", "a"],
      /^Cannot use "--fil": one of --file, --nic, --count, --long-name, --help was wanted; /,
    ],
    ["an option without its value", ["--file"], /^Cannot use --file: a value behind it was wanted; /],
    ["a surplus word", ["one"], /^Cannot use "one": no word was wanted; /],
    ["a negation", ["--no-fil"], /^Cannot use "--no-fil": one of /],
    ["an unknown letter", ["-x"], /^Cannot use "-x": one of /],
    [
      "an option that is missing",
      [],
      /^Cannot do without --must: it was not given, and a value for it was wanted; /,
    ],
  ])("refuses %s in one line that names --help", (_, argv, message) => {
    const must = argv.length === 0 && { must: { type: "string", demandOption: true } as const };
    const attempt = () => readOptions({ ...SCRIPT, options: { ...SCRIPT.options, ...must } }, argv, {});
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(/^[^\n]*; npm run try -- --help says more$/);
  });

  test("gives the words that the script takes", () => {
    expect(readOptions({ ...SCRIPT, words: 1 }, ["one"], {}).words).toEqual(["one"]);
    expect(() => readOptions({ ...SCRIPT, words: 1 }, ["one", "two"], {})).toThrow(
      'Cannot use "two": 1 word at most was wanted',
    );
  });

  test.each<[string, string[], Record<string, string>, object]>([
    ["a value after a space", ["5"], { npm_config_count: "true" }, { count: 5 }],
    ["a value after =", [], { npm_config_count: "5" }, { count: 5 }],
    ["a name of two words", [], { npm_config_long_name: "true" }, { "long-name": true }],
    ["an option given twice", ["x", "y"], { npm_config_nic: "true\n\ntrue" }, { nic: ["x", "y"] }],
    ["an option given twice with =", [], { npm_config_nic: "x\n\ny" }, { nic: ["x", "y"] }],
    [
      "a value beside a flag",
      ["5"],
      { npm_config_count: "true", npm_config_long_name: "true" },
      { count: 5, "long-name": true },
    ],
    [
      "one value, and leaves the rest",
      ["5", "--file", "f"],
      { npm_config_nic: "x" },
      { nic: ["x"], file: "f" },
    ],
  ])("understands what npm kept: %s", (_, argv, env, wanted) => {
    expect(readOptions({ ...SCRIPT, words: 1 }, argv, env)).toMatchObject(wanted);
  });

  test.each<[string, string[], Record<string, string>, string]>([
    [
      "two options of one value",
      ["5", "x"],
      { npm_config_count: "true", npm_config_nic: "true" },
      "npm run try -- --nic … --count …",
    ],
    ["a word beside a value", ["5", "x"], { npm_config_count: "true" }, "npm run try -- --count …"],
    ["an option without its value", [], { npm_config_count: "true" }, "npm run try -- --count …"],
  ])("says the right line where nothing tells what npm kept: %s", (_, argv, env, line) => {
    expect(() => read(argv, env)).toThrow(`a lone -- before it was wanted, as in "${line}"`);
  });

  test("leaves an option that is npm's own to npm", () => {
    const options = { key: { type: "string" } } as const;
    expect(readOptions({ ...SCRIPT, options }, [], { npm_config_key: "pem" }).key).toBeUndefined();
  });
});

describe("wholeNumber()", () => {
  test.each([
    [3, 3],
    ["1", 1],
    ["9", 9],
  ])("reads %p", (value, number) => {
    expect(wholeNumber("count", value, { from: 1, to: 9 })).toBe(number);
  });

  test.each(["abc", "0", "10", 0.5, "-1", "", NaN])("refuses %p, and says what was typed", (value) => {
    const message = `Cannot use --count ${value}: a whole number from 1 to 9 was wanted`;
    expect(() => wholeNumber("count", value, { from: 1, to: 9 })).toThrow(message);
  });
});
