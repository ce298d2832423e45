import { describe, expect, test } from "bun:test";
import { statSync } from "node:fs";
import { chooseAccess, readAccess, writeAccess } from "../../../../system/state/access.ts";
import { PATHS } from "../../../../system/state/paths.ts";
import { makeRoot } from "../../../fixtures/root.ts";

describe("chooseAccess()", () => {
  test("takes what is given, and makes a password of eight letters and digits where nothing is", () => {
    expect(chooseAccess("secret", () => 0)).toEqual({ password: "secret", isMade: false });
    let next = 0;
    expect(chooseAccess(undefined, (below) => next++ % below)).toEqual({
      password: "abcdefgh",
      isMade: true,
    });
    expect(chooseAccess(undefined, (below) => below - 1)).toEqual({ password: "99999999", isMade: true });
  });

  test("makes no password of letters that look alike", () => {
    let next = 0;
    const made = Array.from({ length: 8 }, () => chooseAccess(undefined, (below) => next++ % below).password);
    expect(made.join("")).not.toMatch(/[il1o0]/);
  });

  test("takes none for everybody", () => {
    expect(chooseAccess("none", () => 0)).toEqual({ isMade: false });
  });
});

test("writeAccess() leaves a file for root alone, which readAccess() reads", () => {
  using root = makeRoot();
  expect(readAccess(root.path)).toBeUndefined();
  for (const access of [{ isMade: false }, { password: 'a"b', isMade: true }]) {
    writeAccess(root.path, access);
    expect(readAccess(root.path)).toEqual(access);
    expect(statSync(root.path + PATHS.access).mode & 0o777).toBe(0o600);
  }
});
