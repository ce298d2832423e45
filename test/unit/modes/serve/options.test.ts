import { expect, test } from "bun:test";
import { parseClumpserveOptions } from "../../../../modes/serve/options.ts";
import { SERVICES } from "../../../../modes/services.ts";

const POOL = ["10.0.0.5", "10.0.0.9"] as const;

test.each([
  [["10.0.0.5,10.0.0.9"], { pool: POOL }],
  [["--ready-fd", "3", "10.0.0.5,10.0.0.9"], { pool: POOL, readyDescriptor: 3 }],
  [["--take"], "take"],
  [["--help"], "help"],
])("parseClumpserveOptions(%j)", (args, expected) => {
  expect<unknown>(parseClumpserveOptions(args)).toEqual(expected);
});

test.each([
  ["no addresses were given, and FROM,TO or --take was wanted", []],
  ['"10.0.0.5": FROM,TO or --take was wanted', ["10.0.0.5"]],
  ['"10.0.0.5,10.0.0.9": FROM,TO or --take was wanted, and no further word', ["--take", "10.0.0.5,10.0.0.9"]],
  ['--ready-fd "2": an open descriptor above 2 was wanted', ["10.0.0.5,10.0.0.9", "--ready-fd", "2"]],
  ["--ready-fd: a value behind it was wanted", ["10.0.0.5,10.0.0.9", "--ready-fd"]],
])("parseClumpserveOptions() says %s", (words, args) => {
  expect(() => parseClumpserveOptions(args)).toThrow(words);
});

test("the service's words are those of the program", () => {
  const serve = { pool: POOL, isAsked: true };
  const [service] = SERVICES.clumpserve({ consoles: [], locksShells: false, serve });
  const [program, ...args] = service?.command ?? [];
  expect(program).toBe("/usr/sbin/clumpserve");
  expect(parseClumpserveOptions(args)).toEqual({ pool: POOL, readyDescriptor: 3 });
});
