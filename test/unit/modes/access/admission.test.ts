import { expect, test } from "bun:test";
import { existsSync, readFileSync, statSync } from "node:fs";
import { admitViewers } from "../../../../modes/access/admission.ts";
import { encodeVncPassword } from "../../../../modes/vnc/vnc-password.ts";
import { readAccess } from "../../../../system/state/access.ts";
import { PATHS } from "../../../../system/state/paths.ts";
import { makeRoot } from "../../../fixtures/root.ts";

/** What `printf PASSWORD | tigervncpasswd -f` writes. */
test.each([
  ["secret12", "24b5ae4ce15503c6"],
  ["secret12 and more", "24b5ae4ce15503c6"],
  ["ab", "f9b845297cb5d3f2"],
])("encodeVncPassword(%j)", (password, bytes) => {
  expect(Buffer.from(encodeVncPassword(password)).toString("hex")).toBe(bytes);
});

test("admitViewers() leaves the password for the screen and for the X server, both for root alone", async () => {
  using root = makeRoot();
  const access = await admitViewers(root.path, { password: undefined, vnc: "full" });
  expect(access).toEqual({ password: expect.stringMatching(/^[a-z2-9]{8}$/), isMade: true, vnc: "full" });
  expect(readAccess(root.path)).toEqual(access);
  const path = root.path + PATHS.vncPassword;
  expect(readFileSync(path)).toEqual(Buffer.from(encodeVncPassword(access.password ?? "")));
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("admitViewers() takes away an earlier password where there is to be none", async () => {
  using root = makeRoot();
  await admitViewers(root.path, { password: "secret12", vnc: "full" });
  const access = await admitViewers(root.path, { password: "none", vnc: "view" });
  expect(access).toEqual({ isMade: false, vnc: "view" });
  expect(existsSync(root.path + PATHS.vncPassword)).toBe(false);
});
