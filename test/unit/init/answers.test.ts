/** Sends a missing, a surplus, a misspelt and an absurd word to every program and every verb. */

import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { VERBS } from "../../../init/clump.ts";
import { PROGRAMS, runProgram } from "../../../init/programs.ts";
import { runClumpview } from "../../../modes/clumpview/main.ts";
import { ABSURD, expectLawful } from "../../lib/message-law.ts";

/** The wrong calls of a command; the last word of a call, or `wrong`, is what the message names. */
interface WrongCalls {
  /** A word is missing behind these; absent where the command needs none. */
  readonly missing?: readonly (readonly string[])[];
  readonly surplus: readonly string[];
  readonly misspelt: readonly string[];
  /** Words before the absurd one. */
  readonly absurd?: readonly string[];
}

const PROGRAM = join(import.meta.dir, "../../../init/main.ts");
/** openMosix's own: their words are recorded (test/fixtures/openmosix). */
const OF_OPENMOSIX = ["mosctl", "setpe", "showmap"];

const CLUMPVIEW: WrongCalls = {
  missing: [["--demo"], ["--host"], ["--console"]],
  surplus: ["--demo", "3", "x"],
  misspelt: ["--dmo"],
};

const WRONG_CALLS: Readonly<Record<string, WrongCalls>> = {
  clump: { missing: [[]], surplus: ["help", "nodes", "x"], misspelt: ["node"] },
  clumpd: { missing: [["--root"], ["--control"]], surplus: ["--root", "/", "x"], misspelt: ["--rot"] },
  clumpjobs: {
    missing: [["--criu"], ["--ready-fd"], ["--door"], ["--commands"]],
    surplus: ["--open", "x"],
    misspelt: ["--opne"],
  },
  clumpserve: {
    missing: [[], ["--interface"], ["--interface", "eth0", "--dhcp"]],
    surplus: ["--take", "x"],
    misspelt: ["--tak"],
  },
  clumpstation: { missing: [["--root"]], surplus: ["--root", "/", "x"], misspelt: ["--rot"] },
  clumpview: CLUMPVIEW,
  clumpvnc: { missing: [["--password-file"]], surplus: ["--view-only", "x"], misspelt: ["--view"] },
  clumpweb: { missing: [["--port"]], surplus: ["--port", "80", "x"], misspelt: ["--prt"] },
  init: { surplus: ["x"], misspelt: ["--hlp"] },
  man: { missing: [[]], surplus: ["menu", "x"], misspelt: ["clumpveiw"] },
  menu: { surplus: ["x"], misspelt: ["--hepl"] },
  migrate: { missing: [[], ["1"]], surplus: ["1", "2", "x"], misspelt: ["--hepl"], absurd: [] },
  mosmon: CLUMPVIEW,
  mtop: CLUMPVIEW,
  mps: { surplus: ["x"], misspelt: ["--hepl"] },
  "clump nodes": { surplus: ["--json", "x"], misspelt: ["--jsno"] },
  "clump jobs": { surplus: ["--json", "x"], misspelt: ["--jsno"] },
  "clump wake": { missing: [[]], surplus: ["7", "x"], misspelt: ["al"] },
  "clump poweroff": { missing: [[]], surplus: ["all", "x"], misspelt: ["al"] },
  "clump reboot": { missing: [[]], surplus: ["7", "x"], misspelt: ["all"] },
  "clump blink": { surplus: ["7", "x"], misspelt: ["al"] },
  "clump demo": {
    missing: [[]],
    surplus: ["load", "60", "2", "x"],
    misspelt: ["laod"],
    absurd: ["load"],
  },
  "clump join": { surplus: ["key", "x"], misspelt: ["--hepl"] },
  "clump serve": {
    missing: [["eth0", "--dhcp"]],
    surplus: ["off", "x"],
    misspelt: ["eth0", "--no-kye"],
    absurd: ["off"],
  },
  "clump leave": { surplus: ["x"], misspelt: ["--hepl"] },
  "clump doctor": { surplus: ["x"], misspelt: ["--hepl"] },
  "clump key": { missing: [[]], surplus: ["show", "x"], misspelt: ["shwo"] },
  "clump report": { missing: [["--output"]], surplus: ["usb", "x"], misspelt: ["--otput"] },
  "clump slurm": { missing: [[]], surplus: ["key", "x"], misspelt: ["kye"] },
  "clump tools": { surplus: ["x"], misspelt: ["--hepl"] },
  "clump menu": { surplus: ["x"], misspelt: ["--hepl"] },
  "clump dhcp": { missing: [[]], surplus: ["eth0", "x"], misspelt: ["--hepl", "eth0"] },
  "clump nic": { missing: [[]], surplus: ["eth0", "x"], misspelt: ["eth0", "--now"] },
  "clump static": {
    missing: [[], ["eth0"], ["eth0", "10.0.0.5/24", "via"]],
    surplus: ["eth0", "10.0.0.5/24", "via", "10.0.0.1", "x"],
    misspelt: ["eth0", "10.0.0.5/24", "vai"],
    absurd: ["eth0"],
  },
  "clump start": { missing: [[]], surplus: ["clumpd", "x"], misspelt: ["clumd"] },
  "clump stop": { missing: [[]], surplus: ["clumpd", "x"], misspelt: ["clumd"] },
  "clump help": { surplus: ["nodes", "x"], misspelt: ["noodles"] },
};

async function refused(name: string, words: readonly string[]): Promise<string> {
  let [output, errors] = ["", ""];
  const io = {
    root: "/nonexistent",
    stdout: (text: string) => {
      output += text;
    },
    stderr: (text: string) => {
      errors += text;
    },
  };
  const args = [...name.split(" ").slice(1), ...words];
  const program = name.split(" ")[0] ?? "";
  const code = await (["clumpview", "mosmon", "mtop"].includes(program)
    ? runClumpview(args, io)
    : runProgram(program, args, io));
  expect([output, code === 0]).toEqual(["", false]);
  return errors;
}

const NAMES = Object.keys(WRONG_CALLS);

test("every program and every verb is asked", () => {
  const verbs = Object.keys(VERBS).map((verb) => `clump ${verb}`);
  const all = [...Object.keys(PROGRAMS).filter((name) => !OF_OPENMOSIX.includes(name)), ...verbs];
  expect(NAMES.toSorted()).toEqual(all.toSorted());
});

describe.each(NAMES)("%s says what it cannot do, why, and what was wanted, of", (name) => {
  const { missing = [], surplus, misspelt, absurd = [] } = WRONG_CALLS[name]!;

  test.each(missing.map((words) => [words.join(" "), words] as const))(
    "a word missing after %j",
    async (_, words) => {
      const errors = await refused(name, words);
      const last = words.at(-1);
      expectLawful(errors, last?.startsWith("--") ? last : undefined);
      // Nothing was typed: the message names no word.
      expect(errors).not.toContain('""');
    },
  );

  test("a surplus word", async () => {
    expectLawful(await refused(name, surplus), name === "init" ? undefined : surplus.at(-1));
  });

  test("a misspelt word", async () => {
    expectLawful(await refused(name, misspelt), name === "init" ? undefined : misspelt.at(-1));
  });

  test("an absurd word", async () => {
    expectLawful(await refused(name, [...absurd, ABSURD]));
  });
});

describe.each(OF_OPENMOSIX)("%s of openMosix has its own words, and speaks to no terminal, of", (name) => {
  test.each([["x"], ["--hepl"], [ABSURD], [`-${ABSURD}`]])("%j", async (word) => {
    const child = Bun.spawn([process.execPath, PROGRAM, name, word], { stdout: "pipe", stderr: "pipe" });
    const [output, errors] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    await child.exited;
    const said = output + errors;
    expect(said).toMatch(/^(mosctl: No such option|setpe: (unexpected|invalid)|Unable to read)/m);
    expect(said.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    expect(said).not.toMatch(/undefined|^ {4}at /m);
  });
});

test("a name that no program has", async () => {
  expectLawful(await refused("clumpx", []), "clumpx");
});
