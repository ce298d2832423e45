import { expect, test } from "bun:test";
import { ownAddress, parsePool } from "../../../../modes/serve/pool.ts";

test.each([
  ["10.1.0.50,10.1.0.200", ["10.1.0.50", "10.1.0.200"]],
  ["10.1.0.50,10.1.0.50", ["10.1.0.50", "10.1.0.50"]],
  ["10.1.0.200,10.1.0.50", undefined],
  ["10.1.0.50", undefined],
  ["10.1.0.50,10.1.0.60,10.1.0.70", undefined],
  ["10.1.0.50,10.1.0.256", undefined],
  ["10.1.0.50,proxy", undefined],
  ["", undefined],
])("parsePool() reads %s", (text, pool) => {
  expect(parsePool(text)).toEqual(pool as [string, string] | undefined);
});

test.each([
  ["10.1.0.50", "10.1.0.200", "10.1.0.1"],
  ["10.1.0.1", "10.1.0.200", "10.1.0.254"],
  ["200.1.0.2", "200.1.0.254", "200.1.0.1"],
  ["10.1.0.1", "10.1.0.254", undefined],
  ["10.1.0.50", "10.1.1.50", undefined],
])("ownAddress() of the pool from %s to %s", (from, to, own) => {
  expect(ownAddress([from, to])).toBe(own);
});
