import { expect, test } from "bun:test";
import { parseClumpdOptions } from "../../../../cluster/daemon/clumpd-options.ts";

test.each([
  [[], { root: "", help: false }],
  [["--root", "/tmp/node"], { root: "/tmp/node", help: false }],
  [["--help"], { root: "", help: true }],
  [["-h"], { root: "", help: true }],
])("%j", (argv, options) => {
  expect(parseClumpdOptions(argv)).toEqual(options);
});

test.each([
  [["now"], 'Cannot use "now": --root DIR or --help was wanted'],
  [["--rot", "/tmp/node"], 'Cannot use "--rot": --root DIR or --help was wanted'],
  [["--root", "/tmp/node", "more"], 'Cannot use "more": --root DIR or --help was wanted'],
  [["--root"], 'Cannot use --root "": a folder was wanted'],
  [["--root", ""], 'Cannot use --root "": a folder was wanted'],
  [["--root", "--help"], 'Cannot use --root "--help": a folder was wanted'],
])("%j is refused", (argv, sentence) => {
  expect(() => parseClumpdOptions(argv)).toThrow(new SyntaxError(sentence));
});
