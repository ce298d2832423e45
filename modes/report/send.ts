/** Sends a report to its target. */

import { lookup } from "node:dns/promises";
import { hostname } from "node:os";
import { describeFetchFailure } from "../../system/fetch-failure.ts";
import { decodePart, describeUrl, placeIn, type Target } from "../../system/state/report-target.ts";
import { applet, type RunTool } from "../../system/tool.ts";
import type { Report } from "./report.ts";
import { sendDatagrams, syslogMessages } from "./syslog.ts";
import { writeToUsb } from "./usb.ts";

/** Enough for some hundred kilobytes to a distant server. */
const LIMIT_MILLISECONDS = 30_000;

export interface Carriers {
  readonly root: string;
  readonly run: RunTool;
  readonly fetch: (url: URL, init: RequestInit) => Promise<Response>;
}

/** Sends the report, whose text is also in the file `path`; returns where it is now. @throws Error with the reason */
export async function sendReport(
  { report, path, target }: { readonly report: Report; readonly path: string; readonly target: Target },
  carriers: Carriers,
): Promise<string> {
  switch (target.kind) {
    case "http":
      return await put(report, placeIn(target.url, report.name), carriers);
    case "tftp": {
      const place = placeIn(target.url, report.name);
      const file = decodePart(place.pathname.slice(1));
      const words = ["tftp", "-p", "-l", path, "-r", file, target.host, String(target.port)];
      const { ok, complaint } = await carriers.run(applet(...words), LIMIT_MILLISECONDS);
      if (!ok) throw new Error(complaint.replace(/^tftp: /, ""));
      return `sent to ${describeUrl(place)}`;
    }
    case "syslog": {
      const address = await lookup(target.host);
      const messages = syslogMessages(report.text, { hostname: hostname(), time: new Date() });
      await sendDatagrams(messages, { ...address, port: target.port });
      return `sent to ${target.host}, port ${target.port}, as ${messages.length} messages of syslog`;
    }
    case "usb":
      return `written to ${await writeToUsb(report, carriers)}; the disk can be taken out`;
    default:
      return target satisfies never;
  }
}

/** The URL's user and password become an Authorization header (RFC 7617). */
async function put(report: Report, place: URL, { fetch }: Carriers): Promise<string> {
  const user = `${decodePart(place.username)}:${decodePart(place.password)}`;
  const authorization =
    user === ":" ? {} : { authorization: `Basic ${Buffer.from(user).toString("base64")}` };
  const address = describeUrl(place);
  const response = await fetch(new URL(address), {
    method: "PUT",
    body: report.text,
    headers: { "content-type": "text/plain; charset=utf-8", ...authorization },
    signal: AbortSignal.timeout(LIMIT_MILLISECONDS),
  }).catch((error: unknown) => {
    throw new Error(describeFetchFailure(error, LIMIT_MILLISECONDS));
  });
  if (!response.ok) {
    throw new Error(`the server answered ${response.status} ${response.statusText}, and 2xx was wanted`);
  }
  return `sent to ${address}`;
}
