/** What is sent back, and the headers that keep a browser from doing more with it. */

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

/** The head of an answer that goes on until somebody hangs up. */
export function beginEvents(response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, "Content-Type": EVENT_TYPE });
}

/** A sentence instead of what was asked for. */
export function refusal(status: number, sentence: string, headers: Reply["headers"] = {}): Reply {
  // Whoever was refused has no more to ask on this connection.
  return { status, type: PLAIN_TYPE, text: `${sentence}\n`, headers: { ...headers, Connection: "close" } };
}
