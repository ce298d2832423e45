import { expect, test } from "bun:test";
import { existsSync, statSync } from "node:fs";
import { letSshIn } from "../../../../modes/access/ssh-keys.ts";
import { PATHS } from "../../../../system/state/paths.ts";
import { makeRoot } from "../../../fixtures/root.ts";

const modeOf = (path: string) => statSync(path).mode & 0o777;

test("letSshIn() leaves the keys for root alone, and no password that was not asked for", async () => {
  using root = makeRoot();
  await letSshIn(root.path, { keys: ["ssh-rsa A", "ssh-rsa B"], takesFileAndPassword: false }, "sesame");
  expect(root.read(PATHS.sshKeys)).toBe("ssh-rsa A\nssh-rsa B\n");
  expect(modeOf(root.path + PATHS.sshKeys)).toBe(0o600);
  expect(existsSync(`${root.path}/etc/shadow`)).toBe(false);
});

test("letSshIn() leaves a hash of the password of the shells, for root alone", async () => {
  using root = makeRoot();
  await letSshIn(root.path, { keys: [], takesFileAndPassword: true }, "sesame");
  const [name, hash = "", ...rest] = root.read("/etc/shadow").trim().split(":");
  expect([name, rest.join("")]).toEqual(["root", ""]);
  expect(hash).toMatch(/^\$2b\$10\$/);
  expect(await Bun.password.verify("sesame", hash)).toBe(true);
  expect(modeOf(`${root.path}/etc/shadow`)).toBe(0o600);
});

test("letSshIn() has no password to leave where the shells ask for none", async () => {
  using root = makeRoot();
  await letSshIn(root.path, { keys: [], takesFileAndPassword: true }, undefined);
  expect(existsSync(`${root.path}/etc/shadow`)).toBe(false);
});
