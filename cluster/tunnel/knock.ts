/** The visitor's side of the door (door-visit.ts). */

import { connect } from "node:net";
import { reason } from "../../system/log.ts";
import type { ClusterKey } from "../security/key.ts";
import { createNonce, isNonce } from "../security/mutual-proof.ts";
import {
  ANSWER_MILLISECONDS,
  CONNECT_MILLISECONDS,
  DOOR_PORT,
  type DoorAddresses,
  doorProof,
  GREETING,
  OPEN,
  UNABLE,
} from "./door-visit.ts";
import { LineSocket } from "./line-socket.ts";

export interface Knock extends DoorAddresses {
  /** `undefined` in an open cluster. */
  readonly key: ClusterKey | undefined;
  readonly port?: number;
  /** Limit of the host's first answer once its kernel has taken the connection. */
  readonly milliseconds?: number;
}

/** Proves the key at a host's door. Resolves when the host has proved it too. @throws Error "Cannot reach HOST: why" */
export async function knock({ key, visitor, host, port = DOOR_PORT, milliseconds }: Knock): Promise<void> {
  // The proof holds for this address, and the host reads it from the connection.
  const socket = connect({ host, port, localAddress: visitor });
  const late = new Error(`it does not answer within ${CONNECT_MILLISECONDS / 1_000} s`);
  const limit = setTimeout(() => socket.destroy(late), CONNECT_MILLISECONDS);
  socket.on("connect", () => clearTimeout(limit));
  const line = new LineSocket(socket, milliseconds ?? ANSWER_MILLISECONDS);
  try {
    if (key === undefined) await visitOpenly(line);
    else await visit(line, key, { visitor, host });
  } catch (error) {
    throw new Error(`Cannot reach ${host}: ${whyNot(error)}`);
  } finally {
    clearTimeout(limit);
    line.destroy();
  }
}

async function visitOpenly(line: LineSocket): Promise<void> {
  line.say(GREETING + OPEN);
  if ((await line.hear()) !== OPEN) throw new Error("it is a node of a cluster with a key");
}

async function visit(line: LineSocket, key: ClusterKey, addresses: DoorAddresses): Promise<void> {
  const nonce = createNonce();
  line.say(GREETING + nonce);
  const answer = await line.hear();
  if (!isNonce(answer)) throw new Error("it does not speak as a node does");
  const proof = doorProof(key, addresses, { visitor: nonce, host: answer });
  line.allow(ANSWER_MILLISECONDS);
  line.say(proof.of("client"));
  const last = await line.hear();
  if (last === UNABLE) throw new Error("it cannot open its end of the tunnel; its log says why");
  if (!proof.proves("server", last)) throw new Error("it does not prove the cluster key");
}

function whyNot(error: unknown): string {
  const isClosed = (error as NodeJS.ErrnoException).code === "ECONNREFUSED";
  return isClosed ? "it takes no part in moves" : reason(error);
}
