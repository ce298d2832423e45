/** Sends the guests of other nodes home, or on, before the machine ends; a person at the screen decides on those that stay. */

import type { Machine } from "../../system/machine.ts";
import {
  type Departure,
  type DepartureAnswer,
  readDepartureAnswer,
  writeDeparture,
} from "../../system/state/departure.ts";
import { readStatus } from "../../system/state/node-status.ts";
import { uptime } from "../../system/uptime.ts";

/** Limit for guests that go: one with much memory on a slow network ends with this node. */
const LEAVE_SECONDS = 60;
/** A node without a person in front of it ends all the same. */
const ANSWER_SECONDS = 60;
const LOOK_MILLISECONDS = 200;
/** Modes whose screen shows the question. */
const MODES_WITH_SCREEN = ["ClumpOS", "NoVNC"];

/** Resolves when no guest is here, or when somebody wants to end the machine at once. @throws Error with what stays */
export async function sendGuestsHome(machine: Machine): Promise<void> {
  for (;;) {
    const stays = await expel(machine);
    if (stays === undefined) return;
    if ((await ask(machine, stays)) !== "wait") throw new Error(stays);
    machine.log.info("guests that stay get more time");
  }
}

/** Resolves with what stays and why, a line for each; `undefined` where no guest stays, or nobody waits for guests. */
async function expel(machine: Machine): Promise<string | undefined> {
  return await runShown(machine, {
    command: ["/usr/bin/mosctl", "expel"],
    seconds: LEAVE_SECONDS,
    late: `Cannot move all guests within ${LEAVE_SECONDS} s`,
  });
}

/** What a machine does before it ends, while the screen counts its seconds. */
export interface ShownCommand {
  readonly command: readonly string[];
  readonly seconds: number;
  /** The complaint where it takes longer. */
  readonly late: string;
  readonly slurm?: NonNullable<Departure["slurm"]>;
}

/** Resolves with what the command complains of; `undefined` where it succeeds, or a person at the screen waits no longer. */
export async function runShown(
  { children, root }: Machine,
  { command, seconds, late, ...shown }: ShownCommand,
): Promise<string | undefined> {
  tell(root, { untilUptime: uptime() + seconds, stays: [], ...shown });
  const child = children.spawn(command, { errors: "captured" });
  let hasEnded = false;
  void child.ended.then(() => (hasEnded = true));
  const end = await Promise.race([child.ended, answerWithin(root, seconds, () => hasEnded)]);
  if (end === "now" || (typeof end === "object" && end.status === 0)) return undefined;
  return typeof end === "object" ? (await child.errors()).trim() : late;
}

async function ask({ root, log }: Machine, stays: string): Promise<DepartureAnswer | undefined> {
  const mode = readStatus(root)?.mode ?? "";
  if (!MODES_WITH_SCREEN.includes(mode)) return undefined;
  log.warn(`${stays}; the screen asks what to do`);
  tell(root, { untilUptime: uptime() + ANSWER_SECONDS, stays: stays.split("\n") });
  return await answerWithin(root, ANSWER_SECONDS);
}

/** Tells the screen. A full /run must not keep the guests here. */
function tell(root: string, departure: Departure): void {
  try {
    writeDeparture(root, departure);
  } catch {
    // The screen shows nothing, and nobody answers.
  }
}

/** What the person at the screen has answered within that time. */
async function answerWithin(
  root: string,
  seconds: number,
  isOver = () => false,
): Promise<DepartureAnswer | undefined> {
  for (let waited = 0; waited < seconds * 1_000 && !isOver(); waited += LOOK_MILLISECONDS) {
    const answer = readDepartureAnswer(root);
    if (answer !== undefined) return answer;
    await Bun.sleep(LOOK_MILLISECONDS);
  }
  return undefined;
}
