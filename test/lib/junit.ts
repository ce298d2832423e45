/** Counts and failures out of the report of a test run. */

export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/**
 * The counts in a JUnit report. A skipped test, a run without any, and a run that failed outside its tests all
 * count as failures: none of them shows that anything works.
 */
export function readJunit(xml: string, { ok }: { readonly ok: boolean }): Tally {
  const totals = /<testsuites\b[^>]*>/.exec(xml)?.[0] ?? "";
  const count = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(totals)?.[1] ?? 0);
  const failed = count("failures") + count("errors") + count("skipped");
  const passed = count("tests") - failed;
  const isEmpty = passed + failed === 0;
  return { passed, failed: failed === 0 && (isEmpty || !ok) ? 1 : failed };
}

const FAILURE =
  /<testcase name="(?<name>[^"]*)"[^>]* file="(?<file>[^"]*)" line="(?<line>\d+)"[^>]*>\s*<failure [^>]*message="(?<message>[^"]*)"/g;

const ENTITIES: Readonly<Record<string, string>> = {
  "&#10;": "\n",
  "&quot;": '"',
  "&apos;": "'",
  "&lt;": "<",
  "&gt;": ">",
  "&amp;": "&",
};

/** Each failed test as `FILE:LINE: NAME`, with its message in the lines below. */
export function failuresIn(xml: string): string[] {
  return [...xml.matchAll(FAILURE)].map(({ groups }) => {
    const { name, file, line, message } = groups!;
    return unescapeXml(`${file}:${line}: ${name}\n${message}`).trimEnd();
  });
}

function unescapeXml(text: string): string {
  return text.replace(/&[^;]+;/g, (entity) => ENTITIES[entity] ?? entity);
}
