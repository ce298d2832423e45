/** Sends a missing, a surplus, a misspelt and an absurd word to every npm script. */

import { describe, expect, test } from "bun:test";
import packageJson from "../../../../package.json";
import { ABSURD, expectLawful } from "../../../lib/message-law.ts";

/** The program of each script: npm runs "sh assets/setup.sh PURPOSE && bun PROGRAM". */
const PROGRAMS: ReadonlyMap<string, string> = new Map(
  Object.entries(packageJson.scripts).flatMap(([name, command]) => {
    const program = /\bbun (\S+\.ts)$/.exec(command)?.[1];
    return program === undefined ? [] : [[name, program] as const];
  }),
);

/** Scripts without a program of ours. */
const OTHERS = ["types", "lint"];

const SURPLUS = ["surplus"];
/** Wrong calls of single scripts, beside those of all; each makes one mistake. */
const WRONG_CALLS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  start: [
    ["--memory"],
    ["--memory", "abc"],
    ["--memory", "64"],
    ["--forward", ABSURD],
    ["expert", "surplus"],
    // There is no terminal.
    ["--open"],
  ],
  clumpview: [["--demo"], ["--demo", "abc"]],
  build: [["--suite"], SURPLUS],
  iso: [SURPLUS],
  pxe: [["--nodes"], ["--nodes", "/none"], ["--http", "foo"], SURPLUS],
  release: [["--key"], ["--key", "/none"], SURPLUS],
  serve: [
    [],
    ["--interface"],
    ["--interface", "lo", "surplus"],
    ["--interface", "lo"],
    ["--interface", "lo", "--dhcp", "foo"],
  ],
  bench: [["--rounds", "abc"], SURPLUS],
  test: [["nosuch"], [ABSURD]],
};

async function refused(program: string, words: readonly string[]): Promise<string> {
  const child = Bun.spawn([process.execPath, program, ...words], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, errors] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  expect([output, (await child.exited) === 0]).toEqual(["", false]);
  return errors;
}

test("every script is asked", () => {
  const scripts = Object.keys(packageJson.scripts);
  expect(scripts.filter((name) => !PROGRAMS.has(name) && !OTHERS.includes(name))).toEqual([]);
  expect(Object.keys(WRONG_CALLS).filter((name) => !PROGRAMS.has(name))).toEqual([]);
});

describe.each([...PROGRAMS])(
  "npm run %s says what it cannot do, why, and what was wanted, of",
  (name, program) => {
    test("each wrong word", async () => {
      const calls = [["--nosuch"], ["-x"], [`--${ABSURD}`], ...(WRONG_CALLS[name] ?? [])];
      const answers = await Promise.all(calls.map((words) => refused(program, words)));
      for (const [index, answer] of answers.entries()) {
        const word = calls[index]!.at(-1);
        expectLawful(answer, /^-+\w+$|^\w+$/.test(word ?? "") ? word : undefined);
      }
    });
  },
);

test("npm start names a forwarded port that is taken, before it builds or boots anything", async () => {
  using taken = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => {} } });
  const answer = await refused("assets/start.ts", ["--forward", `${taken.port}:80`]);
  expectLawful(answer, String(taken.port));
});

test("setup.sh says what it cannot do, why, and what was wanted, of a purpose that does not exist", async () => {
  const child = Bun.spawn(["sh", "assets/setup.sh", "nosuch"], { stdout: "ignore", stderr: "pipe" });
  expectLawful(await child.stderr.text(), "nosuch");
});

test.each(["demo=3", "demo=true"])(
  "npm run clumpview --demo 3 is understood where npm hands over npm_config_%s",
  async (kept) => {
    const [, value = ""] = kept.split("=");
    const words = value === "true" ? ["3"] : [];
    const child = Bun.spawn(
      [process.execPath, "assets/clumpview.ts", "--", "--once", ...words].filter((word) => word !== "--"),
      {
        env: { ...process.env, npm_config_demo: value },
        stdout: "pipe",
        stderr: "pipe",
      },
    );
    expect([await child.stderr.text(), await child.exited]).toEqual(["", 0]);
    expect(await child.stdout.text()).toContain("3 nodes");
  },
);
