/** The commands that move the machines of the cluster: `clump wake`, `poweroff`, `reboot`, `blink`. */

import { connect } from "node:net";
import { asksForHelp, formatHelp, formatRefusal } from "../../system/command-help.ts";
import { reason } from "../../system/log.ts";
import { CONTROL_PORT } from "../daemon/control-address.ts";
import { ControlClient } from "../daemon/control-client.ts";
import type { Reply } from "../daemon/control-context.ts";
import { isAlive } from "../gossip/entry.ts";
import type { NodeOrder } from "../power/node-orders.ts";
import { type ClusterKey, findKey } from "../security/key.ts";
import { type NodeView, readView } from "../view.ts";
import { askDaemon, type CommandIo } from "./mosctl.ts";
import { POWER_HELPS, type PowerVerb } from "./power-help.ts";

const WANTED: Readonly<Record<PowerVerb, string>> = {
  wake: "a node number or all",
  poweroff: "a node number or all",
  reboot: "a node number",
  blink: "a node number, all, or nothing for this node",
};

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;
const ANSWER_MILLISECONDS = 5_000;

const CLOSED = "its control port is closed, and clump.control=0.0.0.0 on its kernel command line was wanted";

/** The number of a node, or all of them. */
type Which = number | "all";

/** Asks the control port of another node one line; tests put another in its place. */
export type AskNode = (address: string, line: string) => Promise<Reply>;

/** Runs a verb with the words behind it. Returns the exit code. */
export async function runPower(
  [verb, ...words]: readonly [PowerVerb, ...string[]],
  io: CommandIo,
  askNode: AskNode = keyedAsker(io.root),
): Promise<number> {
  if (asksForHelp(words)) {
    io.stdout(formatHelp(POWER_HELPS[verb]));
    return EXIT.ok;
  }
  const which = parseWhich(verb, words);
  if (which === undefined) {
    const what = words.length === 0 ? "a node" : `"${words.join(" ")}"`;
    const message = `Cannot ${verb} ${what}: ${WANTED[verb]} was wanted`;
    io.stderr(formatRefusal(POWER_HELPS[verb], message));
    return EXIT.usage;
  }
  try {
    if (verb === "wake") return tell(await askOwn(io.root, `wake ${which}`), io);
    return await order(verb, { which, io, askNode });
  } catch (error) {
    io.stderr(`clump: Cannot ${verb} ${which}: ${reason(error)}\n`);
    return EXIT.failed;
  }
}

/** 0 is this node. */
function parseWhich(verb: PowerVerb, words: readonly string[]): Which | undefined {
  const [word, ...more] = words;
  if (word === undefined) return verb === "blink" ? 0 : undefined;
  if (more.length > 0 || (word === "all" && verb === "reboot")) return undefined;
  if (word === "all") return word;
  return /^[1-9]\d{0,4}$/.test(word) && Number(word) <= 65_535 ? Number(word) : undefined;
}

/** Other nodes come first: once this node goes off, it can ask none. */
async function order(
  verb: NodeOrder,
  { which, io, askNode }: { readonly which: Which; readonly io: CommandIo; readonly askNode: AskNode },
): Promise<number> {
  const nodes = readView(io.root)?.nodes ?? [];
  const chosen = which === "all" ? nodes.filter(({ state }) => isAlive(state)) : [findNode(nodes, which)];
  const others = chosen.filter(({ isSelf }) => !isSelf);
  const results = await Promise.all(others.map((node) => attempt(node, () => askNode(node.address, verb))));
  if (chosen.length > others.length)
    results.push(await attempt({ id: nodes[0]?.id ?? 0 }, () => askOwn(io.root, verb)));
  for (const complaint of results) if (complaint) io.stderr(`clump: Cannot ${verb} ${complaint}\n`);
  return results.some(Boolean) ? EXIT.failed : EXIT.ok;
}

/** @throws Error where no living node has the number */
function findNode(nodes: readonly NodeView[], id: number): NodeView {
  const own = nodes.find(({ isSelf }) => isSelf);
  if (own !== undefined && (id === 0 || id === own.id)) return own;
  const claimants = nodes.filter((node) => node.id === id);
  const living = claimants.filter(({ state }) => isAlive(state));
  if (living.length > 1)
    throw new Error(`the number is claimed by ${living.map(({ address }) => address).join(" and ")}`);
  if (living[0]) return living[0];
  const known = claimants[0] ? `it is ${claimants[0].state}` : "clump nodes does not list it";
  throw new Error(`${known}, and a node that is up was wanted`);
}

/** Why a node does not follow, with its number; nothing where it does. */
async function attempt({ id }: Pick<NodeView, "id">, ask: () => Promise<Reply>): Promise<string | undefined> {
  try {
    const { text, code } = await ask();
    return code === 0 ? undefined : `node ${id}: ${text}`;
  } catch (error) {
    const isClosed = (error as { readonly code?: unknown }).code === "ECONNREFUSED";
    return `node ${id}: ${isClosed ? CLOSED : reason(error)}`;
  }
}

async function askOwn(root: string, line: string): Promise<Reply> {
  try {
    return await askDaemon(root, line);
  } catch {
    throw new Error("clumpd of this node does not answer");
  }
}

/** Proves this node's key to another, which proves the key in turn. */
function keyedAsker(root: string): AskNode {
  return async (address, line) => {
    const key = findKey(root);
    if (key === undefined)
      throw new Error("a node follows whoever has the cluster key, and this cluster has none (clump.key=)");
    return await askWithKey(address, line, key);
  };
}

async function askWithKey(address: string, line: string, key: ClusterKey): Promise<Reply> {
  const client = new ControlClient(connect(CONTROL_PORT, address), ANSWER_MILLISECONDS);
  try {
    await client.prove(key);
    return await client.ask(line);
  } finally {
    client.close();
  }
}

function tell({ text, code }: Reply, { stdout, stderr }: CommandIo): number {
  if (code === 0) stdout(`${text}\n`);
  else stderr(`clump: ${text}\n`);
  return code === 0 ? EXIT.ok : EXIT.failed;
}
