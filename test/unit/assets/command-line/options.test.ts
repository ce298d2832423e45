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
    ["a misspelt option", ["--fil", "a"], /^Cannot run npm run try: unknown argument: fil; /],
    ["an option without its value", ["--file"], /^Cannot run npm run try: not enough .* file; /],
    ["a surplus word", ["one"], /^Cannot run npm run try: "one" is one word too many; /],
  ])("refuses %s in one line that names --help", (_, argv, message) => {
    expect(() => read(argv)).toThrow(message);
    expect(() => read(argv)).toThrow(/^[^\n]*"npm run try -- --help" says what it takes$/);
  });

  test("gives the words that the script takes", () => {
    expect(readOptions({ ...SCRIPT, words: 1 }, ["one"], {}).words).toEqual(["one"]);
    expect(() => readOptions({ ...SCRIPT, words: 1 }, ["one", "two"], {})).toThrow('"two" is one word');
  });

  test.each<[string, string[], Record<string, string>, string]>([
    ["a value after a space", ["5"], { npm_config_count: "true" }, "npm run try -- --count 5"],
    ["a value after =", [], { npm_config_count: "5" }, "npm run try -- --count=5"],
    ["a name of two words", [], { npm_config_long_name: "true" }, "npm run try -- --long-name"],
    [
      "two options",
      ["5", "x"],
      { npm_config_count: "true", npm_config_nic: "true" },
      "npm run try -- --nic …",
    ],
  ])("says the right line where npm kept %s", (_, argv, env, line) => {
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
