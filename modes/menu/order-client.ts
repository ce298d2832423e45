/** Sends an order to process 1. */

import { connect } from "node:net";
import type { CommandIo } from "../../cluster/commands/mosctl.ts";
import { asksForHelp, formatHelp, formatRefusal } from "../../system/command-help.ts";
import { reason } from "../../system/log.ts";
import { PATHS } from "../../system/state/paths.ts";
import { DONE, formatOrder, ORDER_HELPS, type Order, type OrderVerb, parseOrder } from "./order.ts";

/** Before a service starts, its files may have to come from a CD; before it stops, processes go home. */
const LONG = { start: 120_000, stop: 120_000 } as const;
const ANSWER_MILLISECONDS = 15_000;

/**
 * Resolves when process 1 has carried out the order.
 * @throws Error with the sentence of process 1 that says why it did not
 */
export async function giveOrder(root: string, order: Order): Promise<void> {
  const within = order.do === "start" || order.do === "stop" ? LONG[order.do] : ANSWER_MILLISECONDS;
  const answer = await ask(root + PATHS.initSocket, { line: formatOrder(order), within });
  if (answer !== DONE) throw new Error(answer);
}

/** Gives an order that was typed as a command, such as `clump dhcp eth0`. Returns the exit code. */
export async function runOrder(
  argv: readonly [verb: OrderVerb, ...words: string[]],
  { root, stdout, stderr }: CommandIo,
): Promise<number> {
  const [verb, ...words] = argv;
  const help = ORDER_HELPS[verb];
  if (asksForHelp(words)) {
    stdout(formatHelp(help));
    return 0;
  }
  let order: Order;
  try {
    order = parseOrder(argv.join(" "));
  } catch (error) {
    stderr(formatRefusal(help, reason(error)));
    return 2;
  }
  try {
    await giveOrder(root, order);
    return 0;
  } catch (error) {
    stderr(`clump: ${reason(error)}\n`);
    return 1;
  }
}

function ask(
  path: string,
  { line, within }: { readonly line: string; readonly within: number },
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(path);
  let said = "";
  const fail = (why: string) =>
    reject(new Error(`Cannot ask process 1: ${why}, and root on a running node was wanted`));
  socket.setTimeout(within, () => fail("it does not answer"));
  socket.on("error", (error) => fail(reason(error)));
  socket.on("close", () => fail("it hung up"));
  socket.on("connect", () => socket.write(`${line}\n`));
  socket.on("data", (bytes: Buffer) => {
    said += bytes.toString();
    const end = said.indexOf("\n");
    if (end >= 0) resolve(said.slice(0, end));
  });
  return promise.finally(() => socket.destroy());
}
