import { expect, test } from "bun:test";
import { hideSecrets, hideUser, sedSecrets } from "../../../system/secrets.ts";

test.each([
  ["quiet clump.key=abc debug", "quiet clump.key=*** debug"],
  ['clump.key="a b" debug', "clump.key=*** debug"],
  ['"clump.key=a b" debug', "clump.key=*** debug"],
  ['clump.key=a"b c"d debug', "clump.key=*** debug"],
  ['clump.key="a b', "clump.key=***"],
  ['"clump.key=a b', "clump.key=***"],
  ['"clump.key=a b"c debug', "clump.key=*** debug"],
  ["inst.vncpassword=x clump.vnc.password=y", "inst.vncpassword=*** clump.vnc.password=***"],
  ["clump.shell.password=", "clump.shell.password=***"],
  ["clump.keys=abc hostname=pc7", "clump.keys=abc hostname=pc7"],
  ["clump.report=http://me:pass@10.0.0.1/in/ debug", "clump.report=http://***@10.0.0.1/in/ debug"],
  ["clump.report=http://me@10.0.0.1/", "clump.report=http://***@10.0.0.1/"],
  ["http://me:p@ss@10.0.0.1/", "http://***@10.0.0.1/"],
  ["no URL: http://me:pa/ss@10.0.0.1/", "no URL: http://***@10.0.0.1/"],
  ['clump.report="http://me:two words@10.0.0.1/"', 'clump.report="http://***@10.0.0.1/"'],
  ['"clump.report=http://me:two words@10.0.0.1/"', '"clump.report=http://***@10.0.0.1/"'],
  ['clump.report=http://me:"two words"@10.0.0.1/', "clump.report=http://***@10.0.0.1/"],
  ["get http://10.0.0.1/a, mail me@host", "get http://10.0.0.1/a, mail me@host"],
  [
    "[    0.00] Kernel command line: clump.key=abc\n[    0.01] next",
    "[    0.00] Kernel command line: clump.key=***\n[    0.01] next",
  ],
  [
    'clump.map="1 10.0.0.1 9" clump.report=http://pc/ panic=1 foo=a@b',
    'clump.map="1 10.0.0.1 9" clump.report=http://pc/ panic=1 foo=a@b',
  ],
])("of %j is shown %j, by sed(1) too", (text, shown) => {
  expect(hideSecrets(text)).toBe(shown);
  const sed = Bun.spawnSync(["sed", "-E", sedSecrets()], { stdin: Buffer.from(text) });
  expect(sed.stdout.toString()).toBe(shown);
});

test("hideUser() hides who a URL is for, blanks and all", () => {
  expect(hideUser("http://me:two words/@10.0.0.1/")).toBe("http://***@10.0.0.1/");
  expect(hideUser("mail me@host")).toBe("mail me@host");
});
