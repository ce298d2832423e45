/** The programs that are in this one, by the name it is called by. */

import type { CommandIo } from "../cluster/commands/mosctl.ts";
import { asksForHelp } from "../system/command-help.ts";
import type { Program } from "./clump.ts";

/** A program is loaded when it is called: process 1 is the first of them, and waits for no other. */
export const PROGRAMS: Readonly<Record<string, () => Promise<Program>>> = {
  clump: async () => (await import("./clump.ts")).runClump,
  clumpd: async () => (await import("../cluster/daemon/main.ts")).runClumpd,
  clumpjobs: async () => (await import("../cluster/jobs/main.ts")).runClumpjobs,
  clumpserve: async () => (await import("../modes/serve/main.ts")).runClumpserve,
  clumpstation: async () => (await import("./station/main.ts")).runClumpstation,
  clumpview: async () => runClumpview,
  clumpvnc: async () => (await import("../modes/vnc/main.ts")).runClumpvnc,
  clumpweb: async () => (await import("../modes/web/main.ts")).runClumpweb,
  init: async () => (await import("./init.ts")).runInit,
  man: async () => {
    const [{ runMan }, { showInPager }] = await Promise.all([import("./help.ts"), import("./pager.ts")]);
    return (words, io) => runMan(words, io, process.stdout.isTTY ? showInPager : undefined);
  },
  menu: async () => (await import("../modes/menu/main.ts")).runMenu,
  migrate: async () => (await import("../cluster/commands/migrate.ts")).runMigrate,
  mosctl: async () => (await import("../cluster/commands/mosctl.ts")).runMosctl,
  mosmon: async () => runClumpview,
  // openMosix's command shows what runs where.
  mtop: async () => (args, io) => runClumpview(asksForHelp(args) ? args : ["-j", ...args], io),
  mps: async () => (await import("../cluster/commands/jobs-command.ts")).runMps,
  setpe: async () => {
    const { createSetpeIo } = await import("../cluster/commands/setpe-command.ts");
    const { runSetpe } = await import("../cluster/commands/setpe.ts");
    return (args) => runSetpe(args, createSetpeIo("setpe"));
  },
  showmap: async () => (await import("../cluster/commands/showmap.ts")).runShowmap,
};

/** Output goes to the terminal of the caller, and a lost reader ends clumpview; its help is as that of the others. */
async function runClumpview(args: readonly string[], io: CommandIo): Promise<number> {
  const { runClumpview: run } = await import("../modes/clumpview/main.ts");
  return asksForHelp(args) ? run(args, io) : run(args);
}

/** Runs the program of that name. */
export async function runProgram(name: string, args: readonly string[], io: CommandIo): Promise<number> {
  const load = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
  if (load !== undefined) return await (await load())(args, io);
  const names = Object.keys(PROGRAMS);
  io.stderr(`clump: Cannot run as "${name}": one of ${names.join(", ")} was wanted\n`);
  return 1;
}
