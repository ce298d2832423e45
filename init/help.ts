/** The commands that tell of commands: `clump help` and `man`. */

import type { CommandIo } from "../cluster/commands/mosctl.ts";
import {
  asksForHelp,
  type CommandHelp,
  callsOf,
  formatHelp,
  formatList,
  formatPage,
  formatRefusal,
} from "../system/command-help.ts";
import { CLUMP_HELP, HELP_HELP, MAN_HELP } from "./clump-help.ts";
import { COMMAND_HELPS, SERVICE_HELPS } from "./helps.ts";

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Runs `clump help` with the words behind it: without a word a line for each command, with a word all of that one. */
export function runHelp(words: readonly string[], io: CommandIo): number {
  if (asksForHelp(words)) {
    io.stdout(formatHelp(HELP_HELP));
    return EXIT.ok;
  }
  if (words.length === 0) {
    const [usage = ""] = callsOf(CLUMP_HELP);
    const more = "clump help VERB, man COMMAND and COMMAND --help tell more";
    io.stdout(`Usage: ${usage}\n\n${formatList(COMMAND_HELPS)}\n  ${more}\n`);
    return EXIT.ok;
  }
  const help = findHelp(words);
  if (help === undefined) {
    io.stderr(formatRefusal(HELP_HELP, `Cannot tell of "${words.join(" ")}": ${wanted()}`));
    return EXIT.usage;
  }
  io.stdout(formatHelp(help));
  return EXIT.ok;
}

/** Runs `man` with the words behind it; `page` shows a text, default to the reader of `io`. */
export function runMan(
  words: readonly string[],
  io: CommandIo,
  page: (text: string) => void = io.stdout,
): number {
  if (asksForHelp(words)) {
    io.stdout(formatHelp(MAN_HELP));
    return EXIT.ok;
  }
  const help = findHelp(words);
  if (help === undefined) {
    const what = words.length === 0 ? "a page" : `a page of "${words.join(" ")}"`;
    io.stderr(formatRefusal(MAN_HELP, `Cannot show ${what}: ${wanted()}`));
    return EXIT.usage;
  }
  page(formatPage(help));
  return EXIT.ok;
}

/** The help of a command as `man` takes its name: "clump nodes", "clump-nodes", or the verb alone. */
function findHelp(words: readonly string[]): CommandHelp | undefined {
  const name = words.join(" ").replace(/^clump-/, "clump ");
  const names = [name, `clump ${name}`];
  return [...COMMAND_HELPS, ...SERVICE_HELPS].find((help) => names.includes(help.name));
}

function wanted(): string {
  const names = [...COMMAND_HELPS, ...SERVICE_HELPS].map(({ name }) => name);
  return `one of ${names.join(", ")} was wanted; busybox's commands answer --help`;
}
