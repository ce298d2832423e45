/** HTTP replies, and the headers that restrict what a browser does with them. */

import type { ServerResponse } from "node:http";

const HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

export const PLAIN_TYPE = "text/plain; charset=utf-8";
export const JSON_TYPE = "application/json";
const EVENT_TYPE = "text/event-stream";

export interface Reply {
  readonly status?: number;
  readonly type: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function sendReply(response: ServerResponse, { status = 200, type, text, headers }: Reply): void {
  const body = Buffer.from(text);
  response.writeHead(status, {
    ...HEADERS,
    "Content-Type": type,
    "Content-Length": body.length,
    ...headers,
  });
  response.end(body);
}

/** Begins a reply of server-sent events, which lasts until the client hangs up. */
export function beginEvents(response: ServerResponse): void {
  // nginx and its like would hold events back to fill a buffer.
  response.writeHead(200, { ...HEADERS, "Content-Type": EVENT_TYPE, "X-Accel-Buffering": "no" });
}

/** A refusal with a sentence as its body. */
export function refusal(status: number, sentence: string, headers: Reply["headers"] = {}): Reply {
  // A refused client has no further request on this connection.
  return { status, type: PLAIN_TYPE, text: `${sentence}\n`, headers: { ...headers, Connection: "close" } };
}
