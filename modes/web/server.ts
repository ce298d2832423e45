/** The HTTP server: limits first, then the password, then the site. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { ConnectionLimit } from "../../system/connection-limit.ts";
import type { BasicAuth, Verdict } from "./basic-auth.ts";
import { beginEvents, type Reply, refusal, sendReply } from "./replies.ts";
import { EVENTS_PATH } from "./site.ts";
import type { ServerEvent, Viewers } from "./viewers.ts";

/** Open connections from outside, and as many from this machine; a browser uses six, and one for the events of each page. */
const MOST_CONNECTIONS = 96;

/** Milliseconds for a whole request, and the interval of checking that. */
const REQUEST_MILLISECONDS = 10_000;
const LOOK_MILLISECONDS = 2_000;
/** A reply without progress for so long is ended; event streams have a limit of their own. */
const ANSWER_MILLISECONDS = 30_000;
const KEEP_ALIVE_MILLISECONDS = 5_000;
const MOST_HEADER_BYTES = 8_192;

/** RFC 7617, section 2. */
const CHALLENGE = { "WWW-Authenticate": 'Basic realm="clump", charset="UTF-8"' };

export interface SiteServer {
  readonly auth: BasicAuth;
  readonly viewers: Viewers;
  readonly answer: (path: string, accept: string) => Reply;
  readonly history: () => ServerEvent;
}

/** Creates a server that does not listen yet. */
export function createSiteServer(site: SiteServer): Server {
  const limits = {
    connectionsCheckingInterval: LOOK_MILLISECONDS,
    headersTimeout: REQUEST_MILLISECONDS,
    requestTimeout: REQUEST_MILLISECONDS,
    keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
    maxHeaderSize: MOST_HEADER_BYTES,
  };
  const server = createServer(limits, (request, response) => serve(request, response, site));
  // Bun's server has no limit of its own.
  const places = new ConnectionLimit(MOST_CONNECTIONS);
  server.on("connection", (socket) => {
    if (!places.admits(socket)) socket.destroy();
  });
  return server;
}

function serve(request: IncomingMessage, response: ServerResponse, site: SiteServer): void {
  response.setTimeout(ANSWER_MILLISECONDS, () => response.destroy());
  const { method, headers, socket } = request;
  const path = (request.url ?? "").split("?", 1)[0] ?? "";
  if (method !== "GET" && method !== "HEAD") {
    sendReply(response, refusal(405, "Cannot do that: GET or HEAD was wanted", { Allow: "GET, HEAD" }));
    return;
  }
  const from = socket.remoteAddress ?? "";
  const refused = REFUSALS[site.auth.check(headers.authorization, from, performance.now())];
  if (refused) sendReply(response, refused);
  else if (path === EVENTS_PATH && method === "GET") serveEvents(response, site);
  else sendReply(response, site.answer(path, headers.accept ?? ""));
}

const REFUSALS: Readonly<Record<Verdict, Reply | undefined>> = {
  granted: undefined,
  challenged: refusal(401, "Cannot show the node: its password is wanted, under any name", CHALLENGE),
  denied: refusal(401, "Cannot show the node: the password is wrong", CHALLENGE),
  limited: refusal(429, "Cannot show the node: too many wrong passwords, try again in a minute", {
    "Retry-After": "60",
  }),
  unavailable: refusal(503, "Cannot show the node: it has no password yet", { "Retry-After": "5" }),
};

function serveEvents(response: ServerResponse, { viewers, history }: SiteServer): void {
  if (viewers.isFull) {
    sendReply(
      response,
      refusal(503, "Cannot show the node: too many pages are open", { "Retry-After": "30" }),
    );
    return;
  }
  response.setTimeout(0);
  beginEvents(response);
  viewers.add(response, history());
}
