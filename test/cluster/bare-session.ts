/** The daemon's session without sockets, for datagrams that a test makes up. */

import { createLoadMeter } from "../../cluster/daemon/own-load.ts";
import { stateFromView } from "../../cluster/daemon/own-state.ts";
import { Session } from "../../cluster/daemon/session.ts";
import { noDrops } from "../../cluster/security/datagram-seal.ts";
import { keyOf } from "../../cluster/security/key.ts";

/** Node 1 of 10.0.0.1 to 10.0.0.254, and what it turns away; without a key its cluster is open. */
export function createSession(key?: string, prefix = 24) {
  const drops = noDrops();
  const session = new Session({
    identity: {
      address: 0x0a000001,
      prefix,
      aliases: [],
      id: 1,
      map: [{ base: 1, address: 0x0a000001, count: 254 }],
      mac: 0,
    },
    key: key === undefined ? undefined : keyOf(key),
    discovery: "map",
    drops,
    state: () => stateFromView(undefined),
    meter: createLoadMeter("/nonexistent"),
    changed: () => {},
  });
  return { session, drops };
}
