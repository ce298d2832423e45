import { expect, test } from "bun:test";
import { readJunit } from "../../../lib/junit.ts";

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
