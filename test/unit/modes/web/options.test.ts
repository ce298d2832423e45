import { expect, test } from "bun:test";
import { SERVICES } from "../../../../modes/services.ts";
import { parseClumpwebOptions } from "../../../../modes/web/options.ts";

const NOTHING = { root: "", address: "0.0.0.0", port: 8080, help: false };

test.each([
  [[], NOTHING],
  [
    ["--port", "0", "--address", "127.0.0.1", "--root", "/x"],
    { root: "/x", address: "127.0.0.1", port: 0, help: false },
  ],
  [["--ready-fd", "3"], { ...NOTHING, readyDescriptor: 3 }],
  [["--help"], { ...NOTHING, help: true }],
])("parseClumpwebOptions(%j)", (argv, options) => {
  expect(parseClumpwebOptions(argv)).toEqual(options);
});

test.each([
  ["65536", ["--port", "65536"]],
  ["http", ["--port", "http"]],
  ["--prot", ["--prot", "80"]],
  ["--ready-fd", ["--ready-fd", "1"]],
  ["80", ["80"]],
])("parseClumpwebOptions() names %s, which cannot be used", (word, argv) => {
  expect(() => parseClumpwebOptions(argv)).toThrow(word);
});

test("the service's words are those of the program", () => {
  const [service] = SERVICES.clumpweb({ consoles: [], locksShells: false, web: 81 });
  const [program, ...argv] = service?.command ?? [];
  expect(program).toBe("/usr/sbin/clumpweb");
  expect(parseClumpwebOptions(argv)).toMatchObject({ port: 81, readyDescriptor: 3 });
});
