/** The report of this machine: made anew each time, with nothing in it that is a secret. */

import { hostname, uptime } from "node:os";
import { readOwnNode } from "../../cluster/map/node-map.ts";
import packageJson from "../../package.json";
import { formatDuration } from "../../system/amounts.ts";
import { readStatus } from "../../system/state/node-status.ts";
import type { RunTool } from "../../system/tool.ts";
import { composeReport, reportName } from "./compose.ts";
import { gatherParts } from "./parts.ts";
import { findSecrets, redact } from "./redact.ts";

export interface Report {
  readonly text: string;
  /** What its file is called where there are those of other nodes. */
  readonly name: string;
}

/** Gathers the report of the machine below `root`. */
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
