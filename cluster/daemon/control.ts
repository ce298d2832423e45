/** The lines of the control port: a line in, text and a code out. */

import { NO_JOBS } from "../moves-report.ts";
import type { NodeView } from "../view.ts";
import type { ControlContext, Reply } from "./control-context.ts";
import { formatControlHelp, JOBS_VERB, listedVerbs } from "./control-help.ts";
import { answerOrder, ORDER_VERBS } from "./control-orders.ts";
import { answerQuery, QUERY_VERBS } from "./control-queries.ts";
import { answerSetting, SETTING_VERBS } from "./control-settings.ts";

const NO_TUNING = "only a kernel of openMosix measures what a migration costs";
const NO_DECAY = "only a kernel of openMosix keeps statistics of processes for migration";
const NO_YARDSTICK = "the yardstick is a processor of speed 10000, and no other";

/** Verbs of mosctl that need a kernel of openMosix, with why they fail here. */
const KERNEL_VERBS: Readonly<Record<string, string>> = {
  gettune: `Cannot show the tuning: ${NO_TUNING}`,
  getdecay: `Cannot show the decay: ${NO_DECAY}`,
  setdecay: `Cannot set the decay: ${NO_DECAY}`,
  sdecay: `Cannot set the decay: ${NO_DECAY}`,
  getyard: `Cannot show the yardstick: ${NO_YARDSTICK}`,
  setyard: `Cannot set the yardstick: ${NO_YARDSTICK}`,
};

const BY_MOSCTL = "it takes as long as the processes take, and mosctl on the node itself was wanted";

/** Verbs of mosctl that clumpd does not follow, with why they fail here. */
const OTHER_VERBS: Readonly<Record<string, string>> = {
  expel: `Cannot send the guests away from here: ${BY_MOSCTL}`,
  bring: `Cannot bring the processes home from here: ${BY_MOSCTL}`,
  ...KERNEL_VERBS,
};

/** Every verb that is answered; the control port itself knows further ones, as `quit`. */
export const CONTROL_VERBS: ReadonlySet<string> = new Set([
  ...QUERY_VERBS,
  ...SETTING_VERBS,
  ...Object.keys(OTHER_VERBS),
  ...["help", "nodes", "view"],
]);

/**
 * Answers one line; words after the first argument are ignored. `asker` is the address of the machine at the other end
 * of the connection, or nothing for this machine.
 */
export function answerControl(line: string, context: ControlContext, asker?: string): Reply {
  const [verb = "", argument] = line.trim().split(/\s+/);
  if (QUERY_VERBS.includes(verb)) return answerQuery(verb, argument, context);
  if (SETTING_VERBS.includes(verb)) return answerSetting(verb, argument, context);
  if (ORDER_VERBS.includes(verb)) return answerOrder(verb, { argument, asker }, context);
  if (verb === "help") return { text: formatControlHelp(), code: 0 };
  if (verb === "nodes") return { text: formatNodes(context.nodes()), code: 0 };
  if (verb === "view") return { text: toAscii(JSON.stringify(context.view())), code: 0 };
  if (verb === JOBS_VERB) return answerJobs(context);
  const refusal = Object.hasOwn(OTHER_VERBS, verb) ? OTHER_VERBS[verb] : undefined;
  const verbs = listedVerbs().join(", ");
  return { text: refusal ?? `Cannot do "${verb}": one of ${verbs} was wanted; help tells of them`, code: 1 };
}

/** `code` is 1 and the text a sentence where moves were never used. */
function answerJobs({ moves }: ControlContext): Reply {
  const report = moves();
  return report === undefined
    ? { text: NO_JOBS, code: 1 }
    : { text: toAscii(JSON.stringify(report)), code: 0 };
}

/** One line a node: number, address, state, load, processors, speed, free and all memory. */
function formatNodes(nodes: readonly NodeView[]): string {
  return nodes
    .map((node) => {
      const { id, address, state, load, cpus, speed, memoryFree, memoryTotal } = node;
      return [id, address, state, load, cpus, speed, memoryFree, memoryTotal].join(" ");
    })
    .join("\n");
}

/** JSON with escapes for all that is not ASCII, because the port speaks telnet. */
function toAscii(json: string): string {
  return json.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
