import { expect, test } from "bun:test";
import { failuresIn, readJunit } from "../../../lib/junit.ts";

function report(tests: number, failures: number, skipped: number): string {
  return `<?xml version="1.0"?>\n<testsuites name="bun test" tests="${tests}" assertions="9" failures="${failures}" skipped="${skipped}" time="0.1">\n<testsuite tests="7" failures="7"/></testsuites>`;
}

test.each([
  ["all pass", report(5, 0, 0), true, { passed: 5, failed: 0 }],
  ["some fail", report(5, 2, 0), false, { passed: 3, failed: 2 }],
  ["one is skipped", report(5, 0, 1), true, { passed: 4, failed: 1 }],
  ["there is none", report(0, 0, 0), true, { passed: 0, failed: 1 }],
  ["a file does not load", report(5, 0, 0), false, { passed: 5, failed: 1 }],
  ["the report is missing", "", true, { passed: 0, failed: 1 }],
])("readJunit() when %s", (_name, xml, ok, tally) => {
  expect(readJunit(xml, { ok })).toEqual(tally);
});

test("failuresIn() names each failed test with its message, and no other", () => {
  const xml = `<testsuites><testsuite name="inner" file="a.test.ts" line="1">
<testcase name="passes" classname="inner" time="0.1" file="a.test.ts" line="1" assertions="1" />
<testcase name="a &quot;b&quot; &lt; c&apos;s" classname="inner" time="0.1" file="a.test.ts" line="2" assertions="1">
  <failure type="AssertionError" message="expected&#10;&amp;#10;&#10;">AssertionError: expected&#10;</failure>
</testcase>
<testcase name="waits" classname="inner" time="0.1" file="b.test.ts" line="3" assertions="0">
  <failure type="TimeoutError" message="test timed out" />
</testcase></testsuite></testsuites>`;
  expect(failuresIn(xml)).toEqual([
    `a.test.ts:2: a "b" < c's\nexpected\n&#10;`,
    "b.test.ts:3: waits\ntest timed out",
  ]);
});
