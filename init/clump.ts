/** The command clump: its verbs, which are programs of their own. */

import type { CommandIo } from "../cluster/commands/mosctl.ts";
import { POWER_VERBS, type PowerVerb } from "../cluster/commands/power-help.ts";
import { ORDER_VERBS, type OrderVerb } from "../modes/menu/order.ts";
import { asksForHelp, formatRefusal } from "../system/command-help.ts";
import { CLUMP_HELP } from "./clump-help.ts";

/** Runs a program with the words after its name, and gives its exit status. */
export type Program = (args: readonly string[], io: CommandIo) => number | Promise<number>;

const EXIT = { ok: 0, usage: 2 } as const;

/** Orders to process 1 take their verb as the first word. */
const orderOf = (verb: OrderVerb) => async (): Promise<Program> => {
  const { runOrder } = await import("../modes/menu/order-client.ts");
  return (words, io) => runOrder([verb, ...words], io);
};

const powerOf = (verb: PowerVerb) => async (): Promise<Program> => {
  const { runPower } = await import("../cluster/commands/power-command.ts");
  return (words, io) => runPower([verb, ...words], io);
};

const toolsOf = async (): Promise<Program> => {
  const [{ runTools }, { loadTools }, { runTool }] = await Promise.all([
    import("../modes/tools/command.ts"),
    import("../modes/tools/load-tools.ts"),
    import("../system/tool.ts"),
  ]);
  return (words, io) => runTools(words, io, () => loadTools({ root: "", run: runTool, fetch }));
};

/** Each verb takes the words behind it; its help stands in init/helps.ts. */
export const VERBS: Readonly<Record<string, () => Promise<Program>>> = {
  nodes: async () => (await import("../cluster/commands/nodes-command.ts")).runNodes,
  jobs: async () => (await import("../cluster/commands/jobs-command.ts")).runJobs,
  ...Object.fromEntries(POWER_VERBS.map((verb) => [verb, powerOf(verb)])),
  demo: async () => (await import("../cluster/commands/demo-command.ts")).runDemo,
  join: async () => (await import("./station/join.ts")).runJoin,
  serve: async () => (await import("./station/serve.ts")).runServe,
  leave: async () => (await import("./station/leave.ts")).runLeave,
  doctor: async () => (await import("./station/doctor.ts")).runDoctor,
  key: async () => (await import("./station/key.ts")).runKey,
  report: async () => (await import("../modes/report/command.ts")).runReport,
  slurm: async () => (await import("../modes/slurm/command.ts")).runSlurm,
  tools: toolsOf,
  menu: async () => (await import("../modes/menu/main.ts")).runMenu,
  ...Object.fromEntries(ORDER_VERBS.map((verb) => [verb, orderOf(verb)])),
  help: async () => (await import("./help.ts")).runHelp,
};

/** Runs `clump VERB`. */
export async function runClump(args: readonly string[], io: CommandIo): Promise<number> {
  const [verb = "", ...words] = asksForHelp(args) ? ["help"] : args;
  const load = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (load !== undefined) return await (await load())(words, io);
  const why = verb === "" ? "Cannot do nothing: " : `Cannot do "${verb}": `;
  io.stderr(formatRefusal(CLUMP_HELP, `${why}one of ${Object.keys(VERBS).join(", ")} was wanted`));
  return EXIT.usage;
}
