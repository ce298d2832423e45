import { expect, test } from "bun:test";
import { allowsMoves } from "../../../cluster/moves-switch.ts";

test.each([
  [undefined, true, true],
  [undefined, false, false],
  ["open", true, true],
  ["open", false, true],
  ["no", true, false],
  ["no", false, false],
] as const)("with clump.moves=%p and a key %p processes move: %p", (moves, hasKey, allowed) => {
  expect(allowsMoves(moves, hasKey)).toBe(allowed);
});
