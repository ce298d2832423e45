import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { CLUMP_USAGE, VERBS } from "../../../init/clump.ts";
import { PROGRAMS } from "../../../init/programs.ts";

const PROGRAM = join(import.meta.dir, "../../../init/main.ts");

/** What a program says, and its exit status. */
async function run(...words: readonly string[]) {
  const child = Bun.spawn([process.execPath, PROGRAM, ...words], { stdout: "pipe", stderr: "pipe" });
  const [output, errors] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { output, errors, code: await child.exited };
}

/** As openMosix has them: setpe ends with 0, showmap and mosctl have words of their own. */
const OF_OPENMOSIX = ["setpe", "mosctl", "showmap"];
const NAMES = Object.keys(PROGRAMS);

describe("every program", () => {
  test.each(NAMES)("%s says on standard output how it is used, and starts nothing", async (name) => {
    const said = await run(name, "--help");
    expect(said).toEqual({ output: expect.stringMatching(/\busage: /i), errors: "", code: 0 });
  });

  test.each(NAMES.filter((name) => !OF_OPENMOSIX.includes(name) && name !== "init"))(
    "%s names what was wrong in a wrong call",
    async (name) => {
      const { output, errors, code } = await run(name, "--no-such-word");
      expect([output, code]).toEqual(["", 2]);
      expect(errors.split("\n")[0]).toContain("--no-such-word");
      expect(errors).toMatch(/^usage: /im);
    },
  );

  test("goes by one of these names", async () => {
    const { errors, code } = await run("shell");
    expect(code).toBe(1);
    expect(errors).toBe(`clump: Cannot run as "shell": one of ${NAMES.join(", ")} was wanted\n`);
  });

  test("init boots nothing but process 1", async () => {
    const { errors, code } = await run("init", "quiet");
    expect(code).toBe(1);
    expect(errors).toBe("init: Cannot boot: this is not process 1, which the kernel starts\n");
  });
});

describe("clump", () => {
  test.each(["help", "--help", "-h"])("%s lists every verb", async (word) => {
    const { output, code } = await run("clump", word);
    expect([output, code]).toEqual([CLUMP_USAGE, 0]);
    const listed = [...output.matchAll(/clump ([a-z|]+)/g)].flatMap(([, verbs = ""]) => verbs.split("|"));
    expect(listed.toSorted()).toEqual([...Object.keys(VERBS), "help"].toSorted());
    expect(output).toContain("clump start|stop clumpd|clumpserve");
  });

  test.each(Object.keys(VERBS))("%s --help says how it is used", async (verb) => {
    const said: string[] = [];
    const program = await VERBS[verb]!();
    const io = { root: "", stdout: (text: string) => void said.push(text), stderr: () => {} };
    expect(await program(["--help"], io)).toBe(0);
    expect(said.join("")).toMatch(/^Usage: (clump|menu)/);
  });
});
