import { describe, expect, test } from "bun:test";
import { findSecrets, redact } from "../../../../modes/report/redact.ts";
import { writeAccess } from "../../../../system/state/access.ts";
import { makeRoot } from "../../../fixtures/root.ts";

const COMMAND_LINE =
  'quiet clump.key=open-sesame "clump.vnc.password=two words" clump.map="1 10.0.0.1 3" clump.key=abc\n';

describe("findSecrets()", () => {
  test("finds what words and files hold, and nothing else", () => {
    using root = makeRoot({ "/proc/cmdline": COMMAND_LINE, "/etc/clump.key": "from the file\n" });
    writeAccess(root.path, { password: "pass-made", isMade: true });
    expect(findSecrets(root.path)).toEqual(["open-sesame", "two words", "from the file", "pass-made"]);
  });

  test("finds the password of a URL, as it is typed and as it is meant", () => {
    const url = "http://me:two%20words@10.0.0.1/";
    using root = makeRoot({ "/proc/cmdline": `clump.report=${url}\n` });
    expect(findSecrets(root.path)).toEqual(["two%20words", "two words"]);
    root.write({ "/proc/cmdline": "clump.report=http://***@10.0.0.1/\n", "/run/clump/report.target": url });
    expect(findSecrets(root.path)).toEqual(["two%20words", "two words"]);
  });

  test("has none where there is nothing to read", () => {
    using root = makeRoot();
    expect(findSecrets(root.path)).toEqual([]);
  });
});

describe("redact()", () => {
  test.each([
    [
      "the kernel's log",
      "[    0.0] Kernel command line: quiet clump.key=abc panic=5",
      "clump.key=*** panic=5",
    ],
    ["a word in quotes", 'x "clump.vnc.password=two words" y', "clump.vnc.password=*** y"],
    ["a value in quotes", 'x clump.key="two words" y', "clump.key=*** y"],
    ["a URL", "clump.report=http://me:pass@10.0.0.1/", "clump.report=http://***@10.0.0.1/"],
    ["a password with an @", "http://me:p@ss@10.0.0.1/", "http://***@10.0.0.1/"],
  ])("hides a secret in %s", (_, text, wanted) => {
    expect(redact(text, [])).toEndWith(wanted);
  });

  test("hides a secret wherever it stands, the longer first", () => {
    expect(redact("a open-sesame-now b open-sesame c", ["open-sesame", "open-sesame-now"])).toBe(
      "a *** b *** c",
    );
  });

  test("takes a quote that is never closed for no more than its line", () => {
    expect(redact('"clump.key=abc\nnext "line"', [])).toBe('clump.key=***\nnext "line"');
  });
});
