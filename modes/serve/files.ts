/** The HTTP half of a boot server: the files of one folder, read only. */

import { once } from "node:events";
import { createReadStream, realpathSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import { pipeline } from "node:stream";
import { ConnectionLimit } from "../../system/connection-limit.ts";
import { type ByteRange, parseByteRange } from "./byte-range.ts";

/** Open connections from outside, a quarter of them from one address: all 254 PCs of a network boot at once. */
const MOST_CONNECTIONS = 256;
/** Milliseconds for a whole request, and the interval of checking that. */
const REQUEST_MILLISECONDS = 10_000;
const LOOK_MILLISECONDS = 2_000;
const LIMITS = {
  connectionsCheckingInterval: LOOK_MILLISECONDS,
  headersTimeout: REQUEST_MILLISECONDS,
  requestTimeout: REQUEST_MILLISECONDS,
};
/** The server closes a connection whose client reads nothing for so long. */
const STALLED_MILLISECONDS = 60_000;

export interface FileServer {
  readonly port: number;
  stop(): Promise<void>;
}

export interface FileServerOptions {
  /** The only address to listen on. */
  readonly address: string;
  readonly port: number;
  readonly folder: string;
  /** Where links in that folder may lead. */
  readonly linked?: string | undefined;
  /** Called for each GET of a whole file that exists. */
  readonly requested: (ip: string, path: string) => void;
  /** Limit for a client that reads nothing of its file; default a minute. */
  readonly stalledMilliseconds?: number;
}

/** Resolves when the server listens. @throws Error for a port in use */
export async function serveFiles(options: FileServerOptions): Promise<FileServer> {
  const { address, port } = options;
  const server = createServer(LIMITS, (request, response) => answer(request, response, options));
  const places = new ConnectionLimit(MOST_CONNECTIONS);
  server.on("connection", (socket) => {
    if (!places.admits(socket)) socket.destroy();
  });
  server.listen(port, address);
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, stop: () => stop(server) };
}

async function stop(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}

function answer(request: IncomingMessage, response: ServerResponse, options: FileServerOptions): void {
  const { method, headers, socket, url = "" } = request;
  const pathname = URL.parse(url, `http://${headers.host ?? ""}`)?.pathname;
  const file = pathname === undefined ? undefined : findFile(options.folder, pathname, options.linked);
  if (method !== "GET" && method !== "HEAD") refuse(response, 405, "Cannot do that: GET or HEAD was wanted");
  else if (pathname === undefined) refuse(response, 400, "Cannot read that: a host was wanted");
  else if (file === undefined) refuse(response, 404, "There is no such file here");
  else {
    const range = sendHead(response, file, headers.range);
    if (method === "GET") {
      if (range === undefined) options.requested(socket.remoteAddress ?? "", pathname);
      send(file, response, { ...options, range });
    } else response.end();
  }
}

function refuse(response: ServerResponse, status: number, text: string): void {
  const headers = { "Content-Type": "text/plain", "Content-Length": text.length + 1 };
  response.writeHead(status, headers).end(`${text}\n`);
}

/** Sends status and fields; returns the part of the file that is to follow, undefined for all of it. */
function sendHead(response: ServerResponse, file: string, field: string | undefined): ByteRange | undefined {
  const { size } = statSync(file);
  const range = parseByteRange(field, size);
  const fields = { "Content-Type": "application/octet-stream", "Accept-Ranges": "bytes" };
  if (range === undefined) response.writeHead(200, { ...fields, "Content-Length": size });
  else {
    const { first, last } = range;
    const part = { "Content-Length": last - first + 1, "Content-Range": `bytes ${first}-${last}/${size}` };
    response.writeHead(206, { ...fields, ...part });
  }
  return range;
}

/** Sends the file as fast as the client reads it; a client that stops reading loses its place. */
function send(
  file: string,
  response: ServerResponse,
  {
    range,
    stalledMilliseconds = STALLED_MILLISECONDS,
  }: { readonly range: ByteRange | undefined; readonly stalledMilliseconds?: number },
): void {
  const content = createReadStream(file, range && { start: range.first, end: range.last });
  const stalled = setTimeout(() => response.destroy(), stalledMilliseconds);
  content.on("data", () => stalled.refresh());
  pipeline(content, response, () => clearTimeout(stalled));
}

/** The file of a URL's path; undefined for anything but a file inside the folder, or below `linked` by a link. */
export function findFile(folder: string, pathname: string, linked?: string): string | undefined {
  try {
    const path = realpathSync(join(folder, normalize(decodeURIComponent(pathname))));
    const isInside = [folder, linked ?? folder].some((each) => path.startsWith(`${realpathSync(each)}/`));
    return isInside && statSync(path).isFile() ? path : undefined;
  } catch {
    return undefined;
  }
}
