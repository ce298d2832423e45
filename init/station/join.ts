/** The command `clump join`: makes a workstation a node. */

import { readFileSync } from "node:fs";
import type { CommandIo } from "../../cluster/commands/mosctl.ts";
import { readView } from "../../cluster/view.ts";
import { asksForHelp, formatHelp, formatRefusal } from "../../system/command-help.ts";
import { reason } from "../../system/log.ts";
import { type NodeStatus, readStatus } from "../../system/state/node-status.ts";
import { JOIN_HELP } from "./help.ts";
import { makeKey, readKeyText, writeKeyText } from "./key.ts";
import { MACHINE, needRoot, needSystemd, systemctl, UNITS, type Workstation } from "./workstation.ts";

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;
/** From the start of the services until the node knows itself: as long as systemd waits for a service by default. */
const JOIN_MILLISECONDS = 90_000;
const LOOK_MILLISECONDS = 100;

/** Runs `clump join` with the words after it. Returns the exit code. */
export async function runJoin(
  words: readonly string[],
  io: CommandIo,
  machine: Workstation = MACHINE,
  within = JOIN_MILLISECONDS,
): Promise<number> {
  if (asksForHelp(words)) {
    io.stdout(formatHelp(JOIN_HELP));
    return EXIT.ok;
  }
  const [word, surplus] = words;
  const isOption = word !== undefined && word.length > 1 && word.startsWith("-");
  if (surplus !== undefined || isOption) {
    const wrong = isOption ? word : surplus;
    io.stderr(formatRefusal(JOIN_HELP, `Cannot use "${wrong}": one key or nothing was wanted`));
    return EXIT.usage;
  }
  try {
    needRoot("join", machine);
    needSystemd("join", machine);
    const isNew = setKey(io.root, word);
    await systemctl(machine, "enable", "--quiet", ...UNITS);
    await systemctl(machine, "restart", ...UNITS);
    const status = await awaitNode(io.root, within);
    io.stdout(describe(status, isNew));
    return EXIT.ok;
  } catch (error) {
    io.stderr(`clump: ${reason(error)}\n`);
    return EXIT.failed;
  }
}

/** Writes the key that was given, or a new key where there is none yet; tells whether it made one. */
function setKey(root: string, word: string | undefined): boolean {
  if (word !== undefined) writeKeyText(root, word === "-" ? readFileSync(0, "utf8").trim() : word);
  else if (readKeyText(root) === undefined) {
    writeKeyText(root, makeKey());
    return true;
  }
  return false;
}

/** @throws Error with what keeps the workstation from being a node */
async function awaitNode(root: string, within: number): Promise<NodeStatus> {
  const end = performance.now() + within;
  for (;;) {
    const status = readStatus(root);
    const view = readView(root);
    const isIn = view?.stoppedUptime === undefined && view?.nodes.some(({ isSelf }) => isSelf);
    if (status?.node !== undefined && isIn) return status;
    const [problem] = status?.problems ?? [];
    if (problem !== undefined) throw new Error(`Cannot join: ${problem}`);
    if (performance.now() > end)
      throw new Error("Cannot join: clumpd does not answer, and journalctl -u clumpd says why");
    await Bun.sleep(LOOK_MILLISECONDS);
  }
}

function describe({ node, address, nic, warnings }: NodeStatus, isNew: boolean): string {
  const lines = [
    `This workstation is node ${node}, at ${address} on ${nic}.`,
    ...(isNew ? ["The cluster has a new key, which clump key show prints: each other node needs it."] : []),
    ...warnings.map((warning) => `warning: ${warning}`),
  ];
  return `${lines.join("\n")}\n`;
}
