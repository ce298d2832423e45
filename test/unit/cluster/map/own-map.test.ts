import { describe, expect, test } from "bun:test";
import { checkMap } from "../../../../cluster/map/check.ts";
import { parseMap } from "../../../../cluster/map/map.ts";
import { chooseMap } from "../../../../cluster/map/own-map.ts";

const NAMES: Record<string, number> = { first: 0x0a000201 };
const choose = (given?: string, address = "10.0.2.15", prefix = 24) =>
  chooseMap({ address, prefix, given, resolve: async (name) => NAMES[name] });

describe("chooseMap()", () => {
  test("makes a map of the address where none is given", async () => {
    const map = await choose(undefined, "192.168.1.77");
    expect(map.text).toMatch(/^# .*\n1 192\.168\.1\.1 254\n$/);
    expect([map.node, map.warning]).toEqual([77, undefined]);
    expect((await choose(undefined, "10.0.2.15", 16)).warning).toBeString();
  });

  test("covers the whole network where that is asked for, and no map is given", async () => {
    const common = {
      address: "10.0.2.15",
      prefix: 16,
      resolve: async () => undefined,
      span: "prefix",
    } as const;
    const { node, text } = await chooseMap({
      ...common,
      given: undefined,
      aliases: ["10.0.9.9", "10.9.9.9"],
    });
    expect([node, text.split("\n").slice(1)]).toEqual([527, ["1 10.0.0.1 65534", "527 10.9.9.9 ALIAS", ""]]);
    expect((await chooseMap({ ...common, given: "5 10.0.2.15 1" })).node).toBe(5);
  });

  test.each<[string, number, string]>([
    ["1 10.0.2.1 254", 15, "1 10.0.2.1 254\n"],
    ["100 10.0.2.15 1;200 10.0.2.16 1", 100, "100 10.0.2.15 1\n200 10.0.2.16 1\n"],
    [" 1 10.0.2.1 254 ; 1 10.9.9.9 ALIAS ; ", 15, "1 10.0.2.1 254\n1 10.9.9.9 ALIAS\n"],
    ["5 first 20", 19, "5 10.0.2.1 20\n"],
  ])("takes %j", async (given, node, entries) => {
    const map = await choose(given);
    expect(map.node).toBe(node);
    expect(map.text).toBe(`# Given by clump.map=\n${entries}`);
    expect(map.warning).toBeUndefined();
  });

  test.each([
    ["", "empty"],
    ["1 10.0.2.1", "Bad Table Input: <1 10.0.2.1>"],
    ["1 nowhere 3", "nowhere"],
    ["0 10.0.2.1 254", "Table contains OpenMosix 'node-#0'!"],
    ["1 10.0.2.1 5", "my IP address (10.0.2.15) is not there!"],
  ])("refuses %j with setpe's message", async (given, message) => {
    await expect(choose(given)).rejects.toThrow(message);
  });

  test.each<[string, readonly string[], string]>([
    ["an address of another network", ["10.9.0.5"], "15 10.9.0.5 ALIAS\n"],
    ["each once, in order", ["10.9.0.5", "10.8.0.1", "10.9.0.5"], "15 10.8.0.1 ALIAS\n15 10.9.0.5 ALIAS\n"],
    ["none that would be another node's", ["10.0.2.16"], ""],
    ["none", [], ""],
  ])("adds as an alias %s", async (_, aliases, lines) => {
    const resolve = async () => undefined;
    const { text } = await chooseMap({
      address: "10.0.2.15",
      prefix: 24,
      aliases,
      given: undefined,
      resolve,
    });
    expect(text).toEndWith(`\n1 10.0.2.1 254\n${lines}`);
    const entries = await parseMap(text, { resolve, program: "setpe" });
    expect(checkMap(entries, { node: 15 }, "setpe")).toBe(15);
  });

  test("adds no more aliases than a map may have entries", async () => {
    const aliases = Array.from({ length: 300 }, (_, at) => `10.9.${at >> 8}.${at & 255}`);
    const resolve = async () => undefined;
    const { text } = await chooseMap({
      address: "10.0.2.15",
      prefix: 24,
      aliases,
      given: undefined,
      resolve,
    });
    expect(await parseMap(text, { resolve, program: "setpe" })).toHaveLength(256);
  });

  test("numbers by the low 16 bits where omdiscd is asked for, unless a map is given", async () => {
    const chosen = (given?: string) =>
      chooseMap({
        address: "10.0.2.15",
        prefix: 24,
        given,
        resolve: async () => undefined,
        discovery: "omdiscd",
      });
    expect(await chosen()).toMatchObject({ node: 527 });
    expect(await chosen("1 10.0.2.1 254")).toMatchObject({ node: 15 });
  });
});
