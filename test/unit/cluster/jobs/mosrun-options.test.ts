import { expect, test } from "bun:test";
import { parseRunWish, type RunWish } from "../../../../cluster/jobs/mosrun-options.ts";

test.each<[string, RunWish]>([
  ["", { isForced: false, isLocked: true }],
  ["-3", { to: ["3"], isForced: false, isLocked: true }],
  ["-h", { to: "home", isForced: false, isLocked: true }],
  ["-j1-3,9 -F", { to: ["1", "2", "3", "9"], isForced: true, isLocked: true }],
  ["-3 -l", { to: ["3"], isForced: false, isLocked: false }],
  ["-3 -k", { to: ["3"], isForced: false }],
  ["-c", { isForced: false }],
  ["-d 900 -t 60", { isForced: false }],
  ["-L -c", { isForced: false, isLocked: true }],
  ["-HlF", { to: "home", isForced: true, isLocked: false }],
  ["-3 --keep", { to: ["3"], isForced: false, isLocked: true, isKept: true }],
  ["--keep -k", { isForced: false, isKept: true }],
  ["-z", { isForced: false, isLocked: true }],
])("mosrun %s", (words, wish) => {
  expect(parseRunWish(words.split(" ").filter(Boolean))).toEqual(wish);
});

test.each([
  ["-x", "-x"],
  ["--kept", "--kept"],
  ["-0", "-0"],
  ["-70000", "-70000"],
  ["-j5-2", "-j5-2"],
  ["-j1-60000", "-j1-60000"],
  ["-j", "-j"],
  ["-1-2", "-1-2"],
  ["-d", "-d"],
  ["-d x", "-d x"],
  ["-?", "-?"],
])("mosrun %s is refused, and says which word is wrong", (words, wrong) => {
  expect(() => parseRunWish(words.split(" "))).toThrow(`Cannot use "${wrong}": -N, -h,`);
});
