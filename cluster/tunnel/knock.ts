/** The visitor's side of the door (door-visit.ts). */

import { connect } from "node:net";
import { reason } from "../../system/log.ts";
import type { ClusterKey } from "../security/key.ts";
import { createNonce, isNonce } from "../security/mutual-proof.ts";
import { DOOR_PORT, type DoorAddresses, doorProof, GREETING, UNABLE } from "./door-visit.ts";
import { LineSocket } from "./line-socket.ts";

export interface Knock extends DoorAddresses {
  readonly key: ClusterKey;
  readonly port?: number;
  /** Limit of the visit. */
  readonly milliseconds?: number;
}

/** Proves the key at a host's door. Resolves when the host has proved it too. @throws Error "Cannot reach HOST: why" */
export async function knock({ key, visitor, host, port = DOOR_PORT, milliseconds }: Knock): Promise<void> {
  // The proof holds for this address, and the host reads it from the connection.
  const socket = connect({ host, port, localAddress: visitor });
  const line = new LineSocket(socket, milliseconds);
  try {
    const nonce = createNonce();
    line.say(GREETING + nonce);
    const answer = await line.hear();
    if (!isNonce(answer)) throw new Error("it does not speak as a node does");
    const proof = doorProof(key, { visitor, host }, { visitor: nonce, host: answer });
    line.say(proof.of("client"));
    const last = await line.hear();
    if (last === UNABLE) throw new Error("it cannot open its end of the tunnel; its log says why");
    if (!proof.proves("server", last)) throw new Error("it does not prove the cluster key");
  } catch (error) {
    throw new Error(`Cannot reach ${host}: ${reason(error)}`);
  } finally {
    line.destroy();
  }
}
