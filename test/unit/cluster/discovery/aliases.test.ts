import { expect, test } from "bun:test";
import { rememberAliases } from "../../../../cluster/discovery/aliases.ts";

test("rememberAliases() keeps the latest of as many nodes as it may, and forgets a node that has none any more", () => {
  const all = new Map<number, readonly number[]>();
  const remember = (address: number, ...aliases: readonly number[]) =>
    rememberAliases(all, { address, aliases, most: 2 });
  remember(1, 11);
  remember(2, 12);
  remember(1, 21, 31);
  remember(3, 13);
  expect([...all]).toEqual([
    [1, [21, 31]],
    [3, [13]],
  ]);
  remember(3);
  expect([...all.keys()]).toEqual([1]);
});
