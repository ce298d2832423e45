import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { CONTROL_VERBS } from "../../../cluster/daemon/control.ts";
import { listedVerbs } from "../../../cluster/daemon/control-help.ts";
import { SETTING_VERBS } from "../../../cluster/daemon/control-settings.ts";
import { VERBS } from "../../../init/clump.ts";
import { runMan } from "../../../init/help.ts";
import { COMMAND_HELPS, SERVICE_HELPS } from "../../../init/helps.ts";
import { PROGRAMS, runProgram } from "../../../init/programs.ts";

const PROGRAM = join(import.meta.dir, "../../../init/main.ts");
const HELPS = [...COMMAND_HELPS, ...SERVICE_HELPS];
const NAMES = Object.keys(PROGRAMS);

/** What a program says, and its exit status. */
async function run(...words: readonly string[]) {
  const child = Bun.spawn([process.execPath, PROGRAM, ...words], { stdout: "pipe", stderr: "pipe" });
  const [output, errors] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { output, errors, code: await child.exited };
}

/** The same in this process. */
async function call(name: string, ...words: readonly string[]) {
  let [output, errors] = ["", ""];
  const code = await runProgram(name, words, {
    root: "",
    stdout: (text) => {
      output += text;
    },
    stderr: (text) => {
      errors += text;
    },
  });
  return { output, errors, code };
}

describe("every program", () => {
  test.each(NAMES)("%s says on standard output how it is used, and starts nothing", async (name) => {
    const said = await run(name, "--help");
    expect(said).toEqual({ output: expect.stringMatching(/^Usage: /), errors: "", code: 0 });
  });

  test("goes by one of these names", async () => {
    const { errors, code } = await run("shell");
    expect(code).toBe(1);
    expect(errors).toBe(`clump: Cannot run as "shell": one of ${NAMES.join(", ")} was wanted\n`);
  });
});

/** A program of its own, which has the help here. */
const IN_C = "mosrun";

describe("help", () => {
  test("tells of every program and every verb, and of no other", () => {
    const verbs = Object.keys(VERBS).map((verb) => `clump ${verb}`);
    expect(HELPS.map(({ name }) => name).toSorted()).toEqual([...NAMES, ...verbs, IN_C].toSorted());
  });

  test.each([["help"], ["--help"], ["-h"]])("clump %s has a line for each command", async (word) => {
    const { output, code } = await call("clump", word);
    expect(code).toBe(0);
    for (const { name, does } of COMMAND_HELPS)
      expect(output).toMatch(new RegExp(`^  ${name} {2,}${RegExp.escape(does)}$`, "m"));
  });

  test.each(Object.keys(VERBS))("clump help %s says what clump %s --help says", async (verb) => {
    const said = await call("clump", "help", verb);
    expect(said).toEqual({ output: expect.stringMatching(/^Usage: (clump|menu)/), errors: "", code: 0 });
    const own = await call("clump", verb, "--help");
    expect(own.output.replace("Usage: menu", "Usage: clump menu")).toBe(said.output);
  });

  test.each(HELPS.map(({ name }) => [name]))("man %s has a page", async (name) => {
    const { output, code } = await call("man", ...name.split(" "));
    expect([code, output]).toEqual([0, expect.stringMatching(/^NAME\n {2}.* - .*\n\nSYNOPSIS\n {2}/)]);
    expect(await call("man", name.replace(" ", "-"))).toEqual({ output, code, errors: "" });
  });

  test("man gives the page to a pager", async () => {
    const pages: string[] = [];
    const io = { root: "", stdout: () => {}, stderr: () => {} };
    expect(await runMan(["showmap"], io, async (text) => void pages.push(text))).toBe(0);
    expect(pages.join("")).toContain("SYNOPSIS\n  showmap\n");
  });

  test("each does one thing in one line without a stop", () => {
    for (const { does } of HELPS) expect(does).toMatch(/^[^\n]{1,100}[^.\n]$/);
  });

  test("mosctl --help has a line for each verb", () => {
    const otherNames = ["speedof", "memory", "getrawmem", "getrawfree", "getutilizability", "stat"];
    const dashed = SETTING_VERBS.filter((verb) => verb.startsWith("-"));
    expect([...listedVerbs(), ...otherNames, ...dashed].toSorted()).toEqual([...CONTROL_VERBS].toSorted());
  });
});
