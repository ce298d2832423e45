/** The command clump: its verbs, which are programs of their own. */

import type { CommandIo } from "../cluster/commands/mosctl.ts";
import { ORDER_USAGE, ORDER_VERBS } from "../modes/menu/order.ts";

/** Runs a program with the words after its name, and gives its exit status. */
export type Program = (args: readonly string[], io: CommandIo) => number | Promise<number>;

export const CLUMP_USAGE = `Usage: clump nodes [--json]
       clump jobs [--json]
       clump report [--output FILE] [WHERE]
       clump menu
       ${ORDER_USAGE}       clump help
`;

const EXIT = { ok: 0, usage: 2 } as const;
const HELP = ["help", "--help", "-h"];

/** Orders to process 1 take their verb as the first word. */
const orderOf = (verb: string) => async (): Promise<Program> => {
  const { runOrder } = await import("../modes/menu/order-client.ts");
  return (words, io) => runOrder([verb, ...words], io);
};

/** Each verb takes the words behind it. */
export const VERBS: Readonly<Record<string, () => Promise<Program>>> = {
  nodes: async () => (await import("../cluster/commands/nodes-command.ts")).runNodes,
  jobs: async () => (await import("../cluster/commands/jobs-command.ts")).runJobs,
  report: async () => (await import("../modes/report/command.ts")).runReport,
  menu: async () => (await import("../modes/menu/main.ts")).runMenu,
  ...Object.fromEntries(ORDER_VERBS.map((verb) => [verb, orderOf(verb)])),
};

/** Runs `clump VERB`. */
export async function runClump([verb = "", ...words]: readonly string[], io: CommandIo): Promise<number> {
  if (HELP.includes(verb)) {
    io.stdout(CLUMP_USAGE);
    return EXIT.ok;
  }
  const load = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (load !== undefined) return await (await load())(words, io);
  const verbs = [...Object.keys(VERBS), "help"].join(", ");
  io.stderr(`clump: Cannot do "${verb}": one of ${verbs} was wanted\n${CLUMP_USAGE}`);
  return EXIT.usage;
}
