import { expect, test } from "bun:test";
import { statSync } from "node:fs";
import { findKey, KEY_PATH, keyOf } from "../../../../cluster/security/key.ts";
import { hideSecretParameters } from "../../../../init/steps/secret-parameters.ts";
import { readTargetOption } from "../../../../modes/report/target-option.ts";
import { PATHS } from "../../../../system/state/paths.ts";
import { makeRoot } from "../../../fixtures/root.ts";
import { FakeKernel } from "../../../lib/fake-kernel.ts";

test("hideSecretParameters() covers the command line by one without secrets, and puts the key in root's file", () => {
  using root = makeRoot({ "/proc/cmdline": "quiet clump.key=abc clump.vnc.password=xyz\n" });
  const kernel = new FakeKernel();
  hideSecretParameters({ kernel, root: root.path }, { key: "abc" });
  expect(kernel.calls).toEqual([`mount ${root.path}/run/clump/cmdline on ${root.path}/proc/cmdline bind`]);
  expect(root.read("/run/clump/cmdline")).toBe("quiet clump.key=*** clump.vnc.password=***\n");
  expect(statSync(root.path + KEY_PATH).mode & 0o777).toBe(0o600);
  expect(findKey(root.path)).toEqual(keyOf("abc"));
});

test("hideSecretParameters() keeps the password of a URL for those who send the report", () => {
  const url = "http://me:two words@10.0.0.1/in/";
  using root = makeRoot({ "/proc/cmdline": `quiet clump.report="${url}"\n` });
  const kernel = new FakeKernel();
  hideSecretParameters({ kernel, root: root.path }, {});
  expect(root.read("/run/clump/cmdline")).toBe('quiet clump.report="http://***@10.0.0.1/in/"\n');
  root.write({ "/proc/cmdline": root.read("/run/clump/cmdline") });
  expect(readTargetOption(root.path)).toBe(url);
  expect(statSync(root.path + PATHS.reportTarget).mode & 0o777).toBe(0o600);
});

test("hideSecretParameters() covers nothing where nothing is secret, and keeps a key that came another way", () => {
  using root = makeRoot({ "/proc/cmdline": "quiet\n", [KEY_PATH]: "from the medium\n" });
  const kernel = new FakeKernel();
  hideSecretParameters({ kernel, root: root.path }, {});
  expect(kernel.calls).toEqual([]);
  expect(findKey(root.path)).toEqual(keyOf("from the medium"));
});
