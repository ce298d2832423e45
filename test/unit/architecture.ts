/** The rules of the tree as functions over its files, path to text: each gives one sentence for each breach. */

import { dirname, join } from "node:path/posix";
import { type Files, findImports, IMPORTS } from "../../assets/documents/imports.ts";

/** The line of layers: each may import what stands above it here, and never what stands below it. */
const LAYERS = ["system", "probes", "cluster", "modes", "init", "assets", "test"];

/**
 * What of the runtime the tools of `assets/` may use: boot server and clumpview also run on another machine, and the build
 * packs the rare drivers where a node looks for them.
 */
const OPEN_TO_ASSETS = /^modes\/(serve|clumpview|rare-drivers)\//;
/** These tools write the tables of the code into the documents, so they may import any table. */
const DOCUMENT_TOOLS = "assets/documents/";

const FFI_DOOR = "system/kernel/libc.ts";
const LINUX = "system/kernel/linux.ts";
const LINUX_DOOR = "init/pid1.ts";
/** The daemons that run without the runtime's compiler: SMALL of modes/services.ts. */
const WITHOUT_COMPILER = [
  "cluster/daemon/main.ts",
  "modes/clumpview/main.ts",
  "modes/web/main.ts",
  "modes/serve/main.ts",
];
/**
 * Modules of the runtime that are programs of their own: each of them, imported before the boot begins, costs it more
 * time than all of our own code. Who wants one imports it then.
 */
const SLOW_MODULES =
  /^node:(crypto|dns|net|dgram|tls|http|https|stream|readline|child_process|worker_threads|util|zlib)\b/;
/** A function, a method or an arrow whose body begins at the end of the line, or whose parameters go on below. */
const FUNCTION_START =
  /^ *(export )?(async )?function\b|=> \{$|^ +(?!(?:if|for|while|switch|catch|return)\b)(static |async |get |set |\*)*[#\w]+(<.*>)?\(.*\{$/;
const DRAWERS = ["utils", "util", "helpers", "helper", "common", "misc", "shared"];
const KEBAB_NOUN = /^[a-z0-9]+(-[a-z0-9]+)*(\.js|(\.test|\.d)?\.ts)$/;
const LONGEST_FILE = 250;
const LARGEST_MEDIAN = 70;
const LONGEST_FUNCTION = 60;
const MOST_FILES = 25;

export function findUpwardImports(files: Files): string[] {
  return findImports(files).flatMap(({ from, to }) => {
    const [user, used] = [layerOf(from), layerOf(to)];
    if (user === undefined) return [`${from} is in no layer`];
    if (used === undefined || user.name === used.name || user.name === "test") return [];
    const isOpen = user.name !== "assets" || from.startsWith(DOCUMENT_TOOLS) || OPEN_TO_ASSETS.test(to);
    return used.level < user.level && isOpen ? [] : [`${from} (${user.name}) imports ${to} (${used.name})`];
  });
}

/** Each file of a cycle, with the import that closes it. */
export function findCycles(files: Files): string[] {
  const targets = Map.groupBy(findImports(files), ({ from }) => from);
  const finished = new Set<string>();

  function visit(file: string, way: readonly string[]): string[] {
    if (way.includes(file)) return [[...way.slice(way.indexOf(file)), file].join(" -> ")];
    if (finished.has(file)) return [];
    const cycles = (targets.get(file) ?? []).flatMap(({ to }) => visit(to, [...way, file]));
    finished.add(file);
    return cycles;
  }

  return [...files.keys()].flatMap((file) => visit(file, []));
}

/** Only one file speaks to the C library, and only one of the program to the real kernel. */
export function findBackDoors(files: Files): string[] {
  return findImports(files)
    .filter(
      ({ from, to }) =>
        (to === "bun:ffi" && from !== FFI_DOOR) ||
        (to === LINUX && from !== LINUX_DOOR && !from.startsWith("test/")),
    )
    .map(({ from, to }) => `${from} imports ${to}`);
}

/** What process 1 imports as it starts, by itself or by what it imports, and should not. */
export function findSlowStarts(files: Files): string[] {
  return importsFrom(files, [LINUX_DOOR])
    .filter(({ to }) => SLOW_MODULES.test(to))
    .map(({ from, to }) => `${from} imports ${to} as process 1 starts`);
}

/** Imports that end a daemon as it starts: it runs without the compiler, which calls of C need. */
export function findCallsWithoutCompiler(files: Files): string[] {
  return importsFrom(files, WITHOUT_COMPILER)
    .filter(({ to }) => to === FFI_DOOR)
    .map(({ from, to }) => `${from} imports ${to}, and a daemon without the compiler imports it`);
}

/** The imports that are carried out when `doors` are loaded, theirs and those of what they import; not those of types. */
function importsFrom(files: Files, doors: readonly string[]): { from: string; to: string }[] {
  const reached = new Set(doors);
  const imports: { from: string; to: string }[] = [];
  for (const from of reached) {
    for (const [statement, fixed] of (files.get(from) ?? "").matchAll(IMPORTS)) {
      if (fixed === undefined || /(import|export)\s+type\s/.test(statement)) continue;
      const to = fixed.startsWith(".") ? join(dirname(from), fixed) : fixed;
      imports.push({ from, to });
      reached.add(to);
    }
  }
  return imports;
}

export function findBadNames(files: Files): string[] {
  return [...files.keys()].filter((path) => {
    const name = path.split("/").at(-1)!;
    return !KEBAB_NOUN.test(name) || DRAWERS.includes(name.split(".")[0]!);
  });
}

export function findLongFiles(files: Files): string[] {
  return [...files]
    .filter(([path, text]) => !path.startsWith("test/") && countLines(text) > LONGEST_FILE)
    .map(([path]) => path);
}

/** A tree whose files are long, though none of them is too long. */
export function findLongMedian(files: Files): string[] {
  const program = [...files].filter(([path]) => !path.startsWith("test/"));
  const lengths = program.map(([, text]) => countLines(text)).toSorted((a, b) => a - b);
  const median = lengths[lengths.length >> 1] ?? 0;
  return median > LARGEST_MEDIAN ? [`the median file has ${median} lines`] : [];
}

function countLines(text: string): number {
  return text.trimEnd().split("\n").length;
}

/**
 * Functions, methods and arrows of more than 60 lines, in the program and in what tests share. The formatter indents:
 * a function ends where its indentation comes back.
 */
export function findLongFunctions(files: Files): string[] {
  return [...files].flatMap(([path, text]) => {
    if (path.startsWith("test/") && !path.startsWith("test/lib/")) return [];
    const lines = text.split("\n");
    return lines.flatMap((line, start) => {
      if (!FUNCTION_START.test(line)) return [];
      const indent = /^ */.exec(line)![0];
      const ends = (at: string) => at.startsWith(`${indent}}`) && !at.endsWith("{");
      const end = lines.findIndex((at, index) => index > start && ends(at));
      const length = end - start + 1;
      return length > LONGEST_FUNCTION ? [`${path}:${start + 1} is a function of ${length} lines`] : [];
    });
  });
}

export function findFullFolders(files: Files): string[] {
  const folders = Map.groupBy(files.keys(), dirname);
  return [...folders]
    .filter(([, paths]) => paths.length > MOST_FILES)
    .map(([folder, paths]) => `${folder} holds ${paths.length} files`);
}

/** Folders that import each other, with an import of each way. */
export function findFolderPairs(files: Files): string[] {
  const ways = new Map<string, string>();
  for (const { from, to } of findImports(files)) {
    const [user, used] = [dirname(from), dirname(to)];
    if (files.has(to) && user !== used && layerOf(from)?.name !== "test")
      ways.set(`${user} ${used}`, `${from} -> ${to}`);
  }
  return [...ways].flatMap(([way, first]) => {
    const [user = "", used = ""] = way.split(" ");
    const back = ways.get(`${used} ${user}`);
    return back !== undefined && user < used
      ? [`${user} and ${used} import each other: ${first}, ${back}`]
      : [];
  });
}

export function findDefaultExports(files: Files): string[] {
  return [...files]
    .filter(([, text]) => /^\s*export\s+(default\b|\{[^}]*\bas\s+default\b)/m.test(text))
    .map(([path]) => path);
}

/** The layer of a path: its first folder, and its place in the line; `undefined` for a package or a file outside. */
function layerOf(path: string): { readonly name: string; readonly level: number } | undefined {
  const name = path.split("/")[0]!;
  const level = path.includes("/") ? LAYERS.indexOf(name) : -1;
  return level < 0 ? undefined : { name, level };
}
