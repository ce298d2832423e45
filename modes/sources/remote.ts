/** Another node's view of its cluster, asked of its control port. */

import { readFileSync } from "node:fs";
import { connect, type NetConnectOpts, type Socket } from "node:net";
import { CONTROL_PORT } from "../../cluster/daemon/control-address.ts";
import { ControlClient } from "../../cluster/daemon/control-client.ts";
import { type MovesReport, parseMoves } from "../../cluster/moves-report.ts";
import { KEY_PATH, keyOf } from "../../cluster/security/key.ts";
import { type ClusterView, isView, parseViewJson } from "../../cluster/view.ts";
import { outdatedView } from "../../cluster/view-age.ts";
import { reason } from "../../system/log.ts";
import type { NodeStatus } from "../../system/state/node-status.ts";
import { NO_SAMPLE, type Sample } from "./sample.ts";
import type { Source } from "./source.ts";

const ANSWER_MILLISECONDS = 5_000;

export interface RemoteOptions {
  /** As people know the node. */
  readonly name: string;
  /** What is typed as `clump.key=`; without one the node answers itself alone. */
  readonly key: string | undefined;
  /** How long an answer may take. */
  readonly answerMilliseconds?: number;
}

/** Asks a node once, so that what is wrong is known at the begin; later it is asked each second. @throws Error */
export async function openRemote(
  target: NetConnectOpts,
  { name, key, answerMilliseconds = ANSWER_MILLISECONDS }: RemoteOptions,
): Promise<Source> {
  let line: ControlClient | undefined;
  let problem: string | undefined;
  let moves: MovesReport | undefined;
  const ask = async () => {
    line ??= await openLine(connect(target), { key, answerMilliseconds });
    const { text, code } = await line.ask("view");
    const view = code === 0 ? parseViewJson(text) : undefined;
    const jobs = await line.ask("jobs");
    // A node of an older release does not know the question.
    moves = jobs.code === 0 ? parseMoves(jobs.text) : undefined;
    if (isView(view)) return view;
    throw new Error(code === 0 ? "its answer is no view of a cluster" : text);
  };
  let view = await ask().catch((error: unknown) => {
    line?.close();
    throw new Error(`Cannot show ${name}: ${reason(error)}`);
  });
  let asking: Promise<Sample> | undefined;
  const look = async () => {
    try {
      view = await ask();
      problem = undefined;
    } catch (error) {
      line?.close();
      line = undefined;
      problem = `${name} does not answer: ${reason(error)}`;
    }
    asking = undefined;
    // A load of before would look like one of now.
    return { ...sampleOf(view), ...(problem !== undefined && { load: 0 }) };
  };
  return {
    origin: `seen by ${name}`,
    sample() {
      // A node that is slow is not asked again before it has answered.
      asking ??= look();
      return asking;
    },
    status: () => statusOf(view, name),
    cluster: () => (problem === undefined ? view : outdatedView(view, problem)),
    moves: () => moves,
    close: () => line?.close(),
  };
}

/** "10.0.0.7" or "node7:5430". @throws RangeError for what is neither */
export function parseHost(text: string): { readonly host: string; readonly port: number } {
  const [, host = "", port = String(CONTROL_PORT)] = /^([\w.-]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (host !== "" && Number(port) > 0 && Number(port) < 65_536) return { host, port: Number(port) };
  throw new RangeError(
    `Cannot ask "${text}": an address or a name was wanted, with ":" and a port behind it if need be`,
  );
}

/** The key in a file; where none is named, this machine's own, if there is one. @throws Error for a file that cannot be read */
export function readKey(path: string | undefined): string | undefined {
  try {
    return readFileSync(path ?? KEY_PATH, "utf8").trim();
  } catch (error) {
    if (path === undefined) return undefined;
    throw new Error(`Cannot read the key: ${reason(error)}`);
  }
}

/** @throws Error where the node does not take the key, or does not prove that it has the key itself */
async function openLine(
  socket: Socket,
  { key, answerMilliseconds }: { readonly key: string | undefined; readonly answerMilliseconds: number },
): Promise<ControlClient> {
  const client = new ControlClient(socket, answerMilliseconds);
  try {
    if (key !== undefined) await client.prove(keyOf(key));
    return client;
  } catch (error) {
    client.close();
    throw error;
  }
}

/** What the node says of itself. */
function sampleOf({ nodes }: ClusterView): Sample {
  const own = nodes.find(({ isSelf }) => isSelf);
  if (own === undefined) return NO_SAMPLE;
  const { busy, cpus, memoryTotal, memoryFree, heardUptime } = own;
  return { load: busy, cpus, memoryTotal, memoryUsed: memoryTotal - memoryFree, uptime: heardUptime };
}

function statusOf({ nodes }: ClusterView, name: string): NodeStatus {
  const own = nodes.find(({ isSelf }) => isSelf);
  return {
    version: own?.version ?? "",
    hostname: name,
    mode: "",
    ...(own ? { node: own.id, address: own.address } : {}),
    nics: [],
    problems: [],
    warnings: [],
  };
}
