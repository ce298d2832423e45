/** What commands ask the daemon of jobs, and what it answers. */

import { existsSync } from "node:fs";
import { connect } from "node:net";
import { NoRoom, type Room } from "../balance/room.ts";
import { takeLine } from "../links/first-line.ts";
import type { History } from "../migration/history.ts";
import { KEY_PATH } from "../security/key.ts";
import { Members } from "./members.ts";
import { JOB_PATHS } from "./paths.ts";

export type JobsRequest =
  | { readonly verb: "list" }
  /** Guests go home, or on; jobs come home: for root. */
  | { readonly verb: "expel" }
  | { readonly verb: "bring" }
  /** The daemon ends once no job of this node is left, which the answer lists by their pids: for root. */
  | { readonly verb: "finish" }
  | MigrateRequest
  | OnwardRequest;

export interface MigrateRequest {
  readonly verb: "migrate";
  readonly pid: number;
  /** Number or address of a node, or home. */
  readonly to: string;
  /** What the process expects there, where the cluster moves it and no person does. */
  readonly room?: Room;
}

/** A guest that is here goes on, because this node is busy: for root. */
export interface OnwardRequest {
  readonly verb: "onward";
  /** Of its supervisor on this node. */
  readonly pid: number;
  /** The LAN address of the next node. */
  readonly to: string;
  readonly room: Room;
}

/** A job of this node that is away, or a guest that is here. */
export interface JobView {
  readonly kind: "away" | "guest";
  /** As its home knows it. */
  readonly pid: number;
  readonly name: string;
  /** Absent for a guest. */
  readonly uid?: number;
  /** The number of the node where it runs, or of its home; 0 where that is not known. */
  readonly node: number;
  /** The LAN address of that node. */
  readonly address: string;
  /** Seconds since it came or went. */
  readonly seconds: number;
  readonly moves?: number;
  /** Of a guest: the pid of its supervisor, from which all its processes here descend. */
  readonly supervisor?: number;
  /** Of a guest that may go on by itself. */
  readonly history?: History;
}

export interface JobsList {
  readonly jobs: readonly JobView[];
  /** Pids that load balancing leaves where they are. */
  readonly locked: readonly number[];
}

export type JobsReply = { readonly text: string } | JobsList | JobsFailure;

interface JobsFailure {
  readonly error: string;
  /** The other node has no room now. */
  readonly isFull?: true;
}

/** No daemon of jobs runs on this node. */
export class NoJobs extends Error {}

function absence(): string {
  // A daemon that was there has left its socket.
  return existsSync(KEY_PATH) || existsSync(JOB_PATHS.commands)
    ? "clumpjobs does not run on this node"
    : "no process moves in a cluster without a key: clump.key= was wanted, or clump.moves=open, by which strangers run programs here too";
}

/** A process of some memory takes as long as the network does. */
const ANSWER_MILLISECONDS = 600_000;

/** What a daemon would say that no move has started yet: nothing is away, and no guest is here. */
const UNUSED = {
  list: { jobs: [], locked: [] },
  expel: { text: "" },
  bring: { text: "" },
  finish: { text: "" },
} as const satisfies Partial<Record<JobsRequest["verb"], JobsReply>>;

/** A daemon that was started once has left its records. */
function isUnused(): boolean {
  return existsSync(JOB_PATHS.commands) && !existsSync(JOB_PATHS.records);
}

/**
 * A question alone starts no daemon. @throws NoJobs where no daemon answers, NoRoom, and Error with its refusal
 */
export async function askJobs(request: JobsRequest): Promise<Exclude<JobsReply, JobsFailure>> {
  if (isUnused()) {
    if (request.verb === "onward") throw new Error("no guest is here");
    if (request.verb !== "migrate") return UNUSED[request.verb];
    if (new Members("").own === undefined) throw new Error("this node takes part in no cluster yet");
  }
  const socket = connect(JOB_PATHS.commands);
  const { promise: connected, resolve, reject } = Promise.withResolvers<void>();
  socket.on("error", () => reject(new NoJobs(absence())));
  socket.on("connect", () => resolve());
  await connected;
  socket.write(`${JSON.stringify(request)}\n`);
  const line = await takeLine(socket, ANSWER_MILLISECONDS).finally(() => socket.destroy());
  const reply = JSON.parse(line) as JobsReply;
  if ("error" in reply) throw reply.isFull ? new NoRoom(reply.error) : new Error(reply.error);
  return reply;
}
