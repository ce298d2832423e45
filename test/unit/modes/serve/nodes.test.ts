import { expect, test } from "bun:test";
import { describeOptions, optionsOf, parseNodes } from "../../../../modes/serve/nodes.ts";

const FILE = `
# the room on the second floor
*                  debug panic=10
52:54:00:12:34:56  hostname=pc7 expert  # the one by the window
52-54-00-AB-CD-EF  clump.mode=safe
`;

test("parseNodes() reads options for all and by hardware address, however that is written", () => {
  const nodes = parseNodes(FILE);
  expect(nodes.all).toBe("debug panic=10");
  expect([...nodes.byMac]).toEqual([
    ["52:54:00:12:34:56", "hostname=pc7 expert"],
    ["52:54:00:ab:cd:ef", "clump.mode=safe"],
  ]);
});

test("optionsOf() gives those for all first, so that a node's own win", () => {
  expect(optionsOf(parseNodes(FILE), "52:54:00:12:34:56")).toBe("debug panic=10 hostname=pc7 expert");
  expect(optionsOf(parseNodes(FILE), "52:54:00:00:00:00")).toBe("debug panic=10");
  expect(optionsOf(parseNodes(""), "52:54:00:00:00:00")).toBe("");
});

test.each([
  ["a name for an address", "pc7 expert", "a hardware address"],
  ["an address that is too short", "52:54:00:12:34 expert", "a hardware address"],
  ["no options", "52:54:00:12:34:56", "options of letters"],
  ["a quote", '* hostname="a"', "options of letters"],
  ["a variable of a loader", "* hostname=$net_default_mac", "options of letters"],
  ["a command of a loader", "* debug;reboot", "options of letters"],
  ["an address twice", "52:54:00:12:34:56 a\n52-54-00-12-34-56 b", "Cannot read line 2"],
])("parseNodes() refuses %s", (_name, text, said) => {
  expect(() => parseNodes(text)).toThrow(SyntaxError);
  expect(() => parseNodes(text)).toThrow(said);
});

const SECRETS = "clump.key=sesame clump.report=http://me:sesame@10.0.0.1/ debug";

test("describeOptions() and complaints hide what is for a node alone", () => {
  const shown = describeOptions(parseNodes(`* ${SECRETS}`), "52:54:00:00:00:00");
  expect(shown).toBe("clump.key=*** clump.report=http://***@10.0.0.1/ debug");
  expect(() => parseNodes(`pc7 ${SECRETS}`)).toThrow(`"pc7 ${shown}"`);
});
