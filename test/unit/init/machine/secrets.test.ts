import { expect, test } from "bun:test";
import { hideSecrets } from "../../../../init/machine/secrets.ts";

test.each([
  ["quiet clump.key=abc debug", "quiet clump.key=*** debug"],
  ['clump.key="a b" debug', "clump.key=*** debug"],
  ['"clump.key=a b" debug', "clump.key=*** debug"],
  ["inst.vncpassword=x clump.vnc.password=y", "inst.vncpassword=*** clump.vnc.password=***"],
  ["clump.shell.password=", "clump.shell.password=***"],
  ["clump.keys=abc hostname=pc7", "clump.keys=abc hostname=pc7"],
  [
    "[    0.00] Kernel command line: clump.key=abc\n[    0.01] next",
    "[    0.00] Kernel command line: clump.key=***\n[    0.01] next",
  ],
])("of %j is shown %j", (text, shown) => {
  expect(hideSecrets(text)).toBe(shown);
});
