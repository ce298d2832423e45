/** The web view of a made-up cluster, on the loopback interface. */

import type { AddressInfo } from "node:net";
import { Demo } from "../../modes/sources/demo.ts";
import { BasicAuth } from "../../modes/web/basic-auth.ts";
import { SnapshotEvents } from "../../modes/web/events.ts";
import { ClusterHistory } from "../../modes/web/history.ts";
import { createSiteServer } from "../../modes/web/server.ts";
import { answerPath, historyEvent } from "../../modes/web/site.ts";
import { Viewers } from "../../modes/web/viewers.ts";

/** Seconds that the graphs show. */
const SECONDS = 600;

export interface DemoSite extends AsyncDisposable {
  readonly url: string;
  /** Simulates one more second of the cluster. */
  beat(): void;
}

/** Starts a server for a cluster of so many nodes that has a history of ten minutes. */
export async function startDemoSite(nodes: number): Promise<DemoSite> {
  const demo = new Demo(nodes);
  const history = new ClusterHistory();
  let uptime = 0;
  const live = () => {
    uptime = demo.next().uptime;
    history.push(demo.cluster());
  };
  for (let second = 0; second < SECONDS; second++) live();
  const snapshot = () => ({
    ...{ status: demo.status(), cluster: demo.cluster(), moves: demo.moves(), uptime, now: demo.now() },
  });
  const events = new SnapshotEvents(snapshot);
  const viewers = new Viewers(() => events.current());
  const server = createSiteServer({
    auth: new BasicAuth(() => "open"),
    viewers,
    answer: (path, accept) => answerPath(path, accept, snapshot()),
    history: () => historyEvent(history),
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    beat() {
      live();
      viewers.beat();
    },
    async [Symbol.asyncDispose]() {
      viewers.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
