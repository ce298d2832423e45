import { expect, test } from "bun:test";
import { type ClumpdOptions, parseClumpdOptions } from "../../../../cluster/daemon/clumpd-options.ts";
import { SERVICES } from "../../../../modes/services.ts";

const DEFAULTS: ClumpdOptions = {
  ...{ discovery: "map", root: "", help: false },
  control: { address: "127.0.0.1", port: 5430 },
};

test.each<[string[], Partial<ClumpdOptions>]>([
  [[], {}],
  [["--root", "/tmp/node"], { root: "/tmp/node" }],
  [["--discovery", "omdiscd"], { discovery: "omdiscd" }],
  [["--balance", "on"], { balance: "on" }],
  [["--topology", "drone"], { topology: "drone" }],
  [["--discovery", "omdiscd", "--discovery", "static"], { discovery: "static" }],
  [["--control", "0.0.0.0:99"], { control: { address: "0.0.0.0", port: 99 } }],
  [["--ready-fd", "3"], { readyDescriptor: 3 }],
  [["--help"], { help: true }],
  [["-h"], { help: true }],
])("%j", (argv, options) => {
  expect(parseClumpdOptions(argv)).toEqual({ ...DEFAULTS, ...options });
});

const KNOWN =
  "one of --discovery, --control, --balance, --topology, --guests, --ready-fd, --root, --help was wanted";

test.each([
  [["now"], `Cannot use "now": ${KNOWN}`],
  [["--rot", "/tmp/node"], `Cannot use "--rot": ${KNOWN}`],
  [["toString"], `Cannot use "toString": ${KNOWN}`],
  [["--root", "/tmp/node", "more"], `Cannot use "more": ${KNOWN}`],
  [["--root"], "Cannot use --root: a folder behind it was wanted"],
  [["--root", ""], 'Cannot use --root "": a folder was wanted'],
  [["--root", "--help"], 'Cannot use --root "--help": a folder was wanted'],
  [["--topology", "x"], 'Cannot use --topology "x": peers, controller, drone was wanted'],
  [["--balance", "x"], 'Cannot use --balance "x": on or off was wanted'],
  [["--discovery", "x"], 'Cannot use --discovery "x": one of map, omdiscd, static was wanted'],
  [
    ["--control", "host"],
    'Cannot use --control "host": off, an address, a port, or both as 10.0.0.1:5430 was wanted',
  ],
  [["--ready-fd", "2"], 'Cannot use --ready-fd "2": an open descriptor above 2 was wanted'],
])("%j is refused", (argv, sentence) => {
  expect(() => parseClumpdOptions(argv)).toThrow(new SyntaxError(sentence));
});

test("the service's words are those of the program", () => {
  const control = { address: "10.0.0.1", port: 99 };
  const setting = { consoles: [], locksShells: false, discovery: "static", control } as const;
  const [program, ...argv] = SERVICES.clumpd(setting)[0]?.command ?? [];
  expect(program).toBe("/usr/sbin/clumpd");
  expect(parseClumpdOptions(argv)).toEqual({ ...DEFAULTS, discovery: "static", control, readyDescriptor: 3 });
});
