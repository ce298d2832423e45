/** Fetches the archive of the tools from a server. */

import { rmSync } from "node:fs";
import { describeFetchFailure } from "../../system/fetch-failure.ts";
import { decodePart } from "../../system/state/report-target.ts";
import { applet, type RunTool } from "../../system/tool.ts";
import { readPieces } from "../disks/copy.ts";
import { receive, type Sum } from "./receive.ts";

export interface Fetching {
  readonly run: RunTool;
  readonly fetch: (url: URL, init: RequestInit) => Promise<Response>;
  readonly to: string;
  readonly sum: Sum;
  readonly limitMilliseconds: number;
}

/** The largest block that an Ethernet frame holds (RFC 2348). */
const TFTP_BLOCK_BYTES = 1428;
const TFTP_PORT = "69";

/** Fetches the archive by the protocol of the URL and checks it. @throws Error */
export async function fetchTools(url: URL, fetching: Fetching): Promise<void> {
  await (url.protocol === "tftp:" ? fetchByTftp(url, fetching) : fetchByHttp(url, fetching));
}

async function fetchByHttp(url: URL, { fetch, to, sum, limitMilliseconds }: Fetching): Promise<void> {
  const deadline = performance.now() + limitMilliseconds;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(limitMilliseconds) });
    if (!response.ok || response.body === null)
      throw new Error(`the server answered ${response.status}, and 200 was wanted`);
    await receive(response.body, { to, sum, deadline });
  } catch (error) {
    throw new Error(describeFetchFailure(error, limitMilliseconds));
  }
}

async function fetchByTftp(url: URL, { run, to, sum, limitMilliseconds }: Fetching): Promise<void> {
  const deadline = performance.now() + limitMilliseconds;
  const file = decodePart(url.pathname.slice(1));
  const received = `${to}.tftp`;
  const options = ["-g", "-b", String(TFTP_BLOCK_BYTES), "-l", received, "-r", file];
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const words = ["tftp", ...options, host, url.port || TFTP_PORT];
  try {
    const { ok, complaint } = await run(applet(...words), limitMilliseconds);
    if (!ok) throw new Error(complaint.replace(/^tftp: /, ""));
    await receive(readPieces(received, sum.bytes + 1), { to, sum, deadline });
  } finally {
    rmSync(received, { force: true });
  }
}
