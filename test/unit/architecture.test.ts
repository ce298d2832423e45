import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Files, findImports } from "../../assets/documents/imports.ts";
import {
  findBackDoors,
  findBadNames,
  findCallsWithoutCompiler,
  findCycles,
  findDefaultExports,
  findFolderPairs,
  findFullFolders,
  findLongFiles,
  findLongFunctions,
  findLongMedian,
  findSlowStarts,
  findUpwardImports,
} from "./architecture.ts";

const PROJECT = join(import.meta.dir, "../..");
const FOLDERS = ["init", "modes", "cluster", "probes", "system", "assets", "test"];

function readTree(): Files {
  const paths = FOLDERS.flatMap((folder) =>
    readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" }).map(
      (name) => `${folder}/${name}`,
    ),
  );
  const sources = paths.filter((path) => /\.(ts|js)$/.test(path));
  return new Map(sources.map((path) => [path, readFileSync(join(PROJECT, path), "utf8")]));
}

const TREE = readTree();
const RULES = {
  findUpwardImports,
  findCycles,
  findBackDoors,
  findSlowStarts,
  findCallsWithoutCompiler,
  findBadNames,
  findLongFiles,
  findLongMedian,
  findLongFunctions,
  findFullFolders,
  findFolderPairs,
  findDefaultExports,
} as const;

/** Sabotages are put together, or this file would break the rules it tests. */
const of = (module: string, clause = "{ a } from") => `${"import"} ${clause} "${module}";\n`;

const manyFiles = (count: number, text = "") =>
  Array.from({ length: count }, (_, index) => [`modes/x/file-${index}.ts`, text] as const);

/** A rule, what its breach names, and the text of that file or several files; each is added, or takes a file's place. */
type Sabotage = [
  name: string,
  rule: keyof typeof RULES,
  named: string,
  files: string | readonly (readonly [path: string, text: string])[],
];

const SABOTAGES: Sabotage[] = [
  ["a probe that imports a mode", "findUpwardImports", "probes/x.ts", of("../modes/index.ts")],
  [
    "a probe that imports a mode's type",
    "findUpwardImports",
    "probes/x.ts",
    of("../modes/mode.ts", "type { Mode } from"),
  ],
  [
    "a probe that imports the boot while it runs",
    "findUpwardImports",
    "probes/x.ts",
    `const boot = await ${"import"}("../init/boot.ts");`,
  ],
  ["a probe that imports for the effect", "findUpwardImports", "probes/x.ts", of("../init/boot.ts", "")],
  [
    "a probe that passes a mode on",
    "findUpwardImports",
    "probes/x.ts",
    of("../modes/mode.ts", "{ a } from").replace("import", "export"),
  ],
  [
    "an import over several lines",
    "findUpwardImports",
    "probes/x.ts",
    of("../modes/mode.ts", "{\n  a,\n  b,\n} from"),
  ],
  ["the cluster that imports a mode", "findUpwardImports", "cluster/x.ts", of("../modes/mode.ts")],
  ["a probe that imports the cluster", "findUpwardImports", "probes/x.ts", of("../cluster/map.ts")],
  ["the ground above itself", "findUpwardImports", "system/x.ts", of("../probes/network.ts")],
  ["a mode that imports the boot", "findUpwardImports", "modes/x.ts", of("../init/services/supervisor.ts")],
  ["the image's tools in the program", "findUpwardImports", "init/x.ts", of("../assets/image/cpio.ts")],
  ["the program in the image's tools", "findUpwardImports", "assets/x.ts", of("../modes/index.ts")],
  ["a test's file in the program", "findUpwardImports", "init/x.ts", of("../test/lib/node.ts")],
  ["a file outside the layers", "findUpwardImports", "extra/x.ts", of("../init/boot.ts")],
  ["a file that imports itself", "findCycles", "cluster/x.ts", of("./x.ts")],
  [
    "a cycle of types",
    "findCycles",
    "system/log.ts",
    `${of("./step.ts", "type { Step } from")}${TREE.get("system/log.ts")}`,
  ],
  ["a mode that calls C", "findBackDoors", "modes/x.ts", of("bun:ffi")],
  ["a test that calls C", "findBackDoors", "test/x.ts", of("bun:ffi")],
  ["the boot on the real kernel", "findBackDoors", "init/boot.ts", of("../system/kernel/linux.ts")],
  [
    "cryptography before the boot",
    "findSlowStarts",
    "modes/expert.ts",
    `${of("node:crypto")}${TREE.get("modes/expert.ts")}`,
  ],
  [
    "calls of C in clumpd",
    "findCallsWithoutCompiler",
    "cluster/balance/balancer.ts",
    `${of("../../system/kernel/libc.ts")}${TREE.get("cluster/balance/balancer.ts")}`,
  ],
  ["a drawer", "findBadNames", "probes/utils.ts", ""],
  ["a drawer's test", "findBadNames", "test/unit/probes/helpers.test.ts", ""],
  ["a name in camel case", "findBadNames", "probes/theProbe.ts", ""],
  ["a name with an underline", "findBadNames", "probes/the_probe.ts", ""],
  ["251 lines", "findLongFiles", "modes/x.ts", "// line\n".repeat(251)],
  [
    "a function of 61 lines",
    "findLongFunctions",
    "modes/x.ts",
    `export function long() {\n${"  work();\n".repeat(59)}}\n`,
  ],
  [
    "a method of 61 lines",
    "findLongFunctions",
    "modes/x.ts",
    `class Long {\n  async #run({\n    a,\n  }: A): B {\n${"    work();\n".repeat(57)}  }\n}\n`,
  ],
  [
    "an arrow of 61 lines",
    "findLongFunctions",
    "modes/x.ts",
    `const long = () => {\n${"  work();\n".repeat(59)}};\n`,
  ],
  [
    "a function of 61 lines in the web page",
    "findLongFunctions",
    "modes/web/page/x.js",
    `function long() {\n${"  work();\n".repeat(59)}}\n`,
  ],
  [
    "a function of 61 lines that tests share",
    "findLongFunctions",
    "test/lib/x.ts",
    `function long() {\n${"  work();\n".repeat(59)}}\n`,
  ],
  ["a folder that imports its user", "findFolderPairs", "system/kernel/x.ts", of("../log.ts")],
  ["a folder of 26 files", "findFullFolders", "modes/x holds 26 files", manyFiles(26)],
  [
    "a median of 71 lines",
    "findLongMedian",
    "the median file has 71 lines",
    manyFiles(2_000, "// line\n".repeat(71)),
  ],
  ["a default export", "findDefaultExports", "modes/x.ts", `${"export"} default 1;`],
  ["a default export by name", "findDefaultExports", "modes/x.ts", `${"export"} { a as default };`],
];

describe("the tree", () => {
  test("is read whole, with its imports", () => {
    expect(TREE.size).toBeGreaterThan(100);
    const imports = findImports(TREE);
    for (const known of [
      { from: "init/pid1.ts", to: "system/kernel/linux.ts" },
      { from: "init/programs.ts", to: "modes/clumpview/main.ts" },
      { from: "system/kernel/linux.ts", to: "system/kernel/kernel.ts" },
      { from: "system/kernel/libc.ts", to: "bun:ffi" },
      { from: "system/kernel/linux-network.ts", to: "system/kernel/netlink.ts" },
    ]) {
      expect(imports).toContainEqual(known);
    }
  });

  test.each(Object.entries(RULES))("%s() finds nothing", (_, rule) => {
    expect(rule(TREE)).toEqual([]);
  });
});

describe("a sabotage is found:", () => {
  test.each(SABOTAGES)("%s", (_, rule, named, files) => {
    const added = typeof files === "string" ? [[named, files] as const] : files;
    const breaches = RULES[rule](new Map([...TREE, ...added])).filter((breach) => breach.includes(named));
    expect(breaches).toHaveLength(1);
  });

  test("every rule has one", () => {
    const rules = SABOTAGES.map(([, rule]) => rule);
    expect(Object.keys(RULES).filter((name) => !rules.some((rule) => rule === name))).toEqual([]);
  });
  test("but not what is imported when it is wanted, or for its types", () => {
    const late = `const net = await ${"import"}("node:net");\n${of("node:tls", "type { a } from")}`;
    expect(findSlowStarts(new Map([...TREE, ["modes/expert.ts", late]]))).toEqual([]);
  });

  test("but not a folder of 25 files", () => {
    expect(findFullFolders(new Map(manyFiles(25)))).toEqual([]);
  });

  test("but not a median of 70 lines", () => {
    expect(findLongMedian(new Map(manyFiles(9, "// line\n".repeat(70))))).toEqual([]);
  });

  test("but not a function of 60 lines", () => {
    const text = `export function long() {\n${"  work();\n".repeat(58)}}\n`;
    expect(findLongFunctions(new Map([["modes/x.ts", text]]))).toEqual([]);
  });

  test("but not 250 lines", () => {
    expect(findLongFiles(new Map([["modes/x.ts", "// line\n".repeat(250)]]))).toEqual([]);
  });
});
