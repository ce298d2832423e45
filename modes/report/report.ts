/** The report of this machine, without secrets; it is made anew for each call. */

import { hostname } from "node:os";
import { readOwnNode } from "../../cluster/map/node-map.ts";
import packageJson from "../../package.json";
import { formatDuration } from "../../system/amounts.ts";
import { readStatus } from "../../system/state/node-status.ts";
import type { RunTool } from "../../system/tool.ts";
import { uptime } from "../../system/uptime.ts";
import { composeReport, reportName } from "./compose.ts";
import { gatherParts } from "./parts.ts";
import { findSecrets, redact } from "./redact.ts";

export interface Report {
  readonly text: string;
  /** A file name for a folder with reports of several nodes. */
  readonly name: string;
}

/** Makes the report of the machine below `root`. */
export async function makeReport(root: string, run: RunTool): Promise<Report> {
  const status = readStatus(root);
  const nic = status?.nics.find(({ name }) => name === status.nic) ?? status?.nics[0];
  const heading = {
    version: packageJson.version,
    hostname: hostname(),
    time: new Date(),
    uptime: formatDuration(uptime()),
  };
  const text = composeReport(heading, await gatherParts(root, run));
  return {
    text: redact(text, findSecrets(root)),
    name: reportName({ hostname: hostname(), number: readOwnNode(root), mac: nic?.mac }),
  };
}
