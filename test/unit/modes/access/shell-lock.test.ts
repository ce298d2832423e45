import { expect, test } from "bun:test";
import { statSync } from "node:fs";
import { lockShells } from "../../../../modes/access/shell-lock.ts";
import { PATHS } from "../../../../system/state/paths.ts";
import { makeRoot } from "../../../fixtures/root.ts";

test("lockShells() leaves salt and hash for root alone, as sha256sum(1) has them", () => {
  using root = makeRoot();
  lockShells(root.path, "sesame", "salt-");
  // printf salt-sesame | sha256sum
  const hash = "030d24f124521960b4a118591189dd8c7fbed0def34368408961bdf04616a6fd";
  expect(root.read(PATHS.shellLock)).toBe(`salt- ${hash}\n`);
  expect(statSync(root.path + PATHS.shellLock).mode & 0o777).toBe(0o600);
});
