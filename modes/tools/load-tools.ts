/** Loads the archive of the tools into the memory of this node, and mounts the archive. */

import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readOptional } from "../../system/files.ts";
import { reason } from "../../system/log.ts";
import { describeUrl } from "../../system/state/report-target.ts";
import { applet, type RunTool } from "../../system/tool.ts";
import { readPieces } from "../disks/copy.ts";
import { wantMemory } from "../disks/free-memory.ts";
import { SERVE_FILES, SERVE_FOLDER } from "../serve/serve-files.ts";
import { TOOLS_FILES } from "../serve/tools-files.ts";
import { type Fetching, fetchTools } from "./fetch.ts";
import { copyFromMedium } from "./medium.ts";
import { readSum, receive, type Sum } from "./receive.ts";
import { findToolsUrl } from "./tools-url.ts";

const MOUNT_LIMIT_MILLISECONDS = 10_000;
const FETCH_LIMIT_MILLISECONDS = 120_000;
const PATIENCE_MILLISECONDS = 10_000;
/** For the programs that run then. */
const SPARE_BYTES = 2 ** 24;

const WANTED = `${TOOLS_FILES.name} of this release was wanted as ${TOOLS_FILES.medium} on a CD or USB stick, or at clump.tools=URL`;

export interface LoadOptions {
  readonly root: string;
  readonly run: RunTool;
  readonly fetch: Fetching["fetch"];
  readonly patienceMilliseconds?: number;
}

/** Returns the source of the archive; undefined where the tools were mounted before. @throws Error with the reason */
export async function loadTools(options: LoadOptions): Promise<string | undefined> {
  const { root, run } = options;
  if (isMounted(root)) return undefined;
  const file = root + TOOLS_FILES.memory;
  const source = existsSync(file) ? TOOLS_FILES.memory : await bring(file, options);
  // Another program may have mounted the archive meanwhile.
  if (isMounted(root)) return source;
  const words = ["mount", "-t", "squashfs", "-o", "loop,ro", file, root + TOOLS_FILES.folder];
  const { ok, complaint } = await run(applet(...words), MOUNT_LIMIT_MILLISECONDS);
  if (!ok) throw new Error(complaint.replace(/^mount: /, ""));
  return source;
}

function isMounted(root: string): boolean {
  return readOptional(`${root}/proc/mounts`)?.includes(` ${TOOLS_FILES.folder} squashfs `) ?? false;
}

/** Copies the archive to `file` from the first source that has it. @throws Error with the refusal of each source */
async function bring(file: string, options: LoadOptions): Promise<string> {
  const { root } = options;
  const sum = readSum(root);
  wantMemory(root, sum.bytes + SPARE_BYTES);
  const partial = `${file}.${process.pid}`;
  const refusals: string[] = [];
  try {
    for (const source of sourcesOf(options, { to: partial, sum })) {
      try {
        const name = await source();
        renameSync(partial, file);
        return name;
      } catch (error) {
        refusals.push(reason(error));
      }
    }
  } finally {
    rmSync(partial, { force: true });
  }
  throw new Error(`${WANTED}: ${refusals.join("; ")}`);
}

/** Each source copies the archive and returns its own name, or throws an Error. */
function sourcesOf(
  { root, run, fetch, patienceMilliseconds = PATIENCE_MILLISECONDS }: LoadOptions,
  { to, sum }: { readonly to: string; readonly sum: Sum },
): (() => Promise<string>)[] {
  const served = join(root, SERVE_FOLDER, SERVE_FILES.tools);
  const url = findToolsUrl(readOptional(`${root}/proc/cmdline`) ?? "");
  const limitMilliseconds = FETCH_LIMIT_MILLISECONDS;
  const fromOwn = async () => {
    const deadline = performance.now() + limitMilliseconds;
    await receive(readPieces(served, sum.bytes + 1), { to, sum, deadline });
    return "the files for other nodes";
  };
  const fromServer = (place: URL) => async () => {
    const name = describeUrl(place);
    await fetchTools(place, { run, fetch, to, sum, limitMilliseconds }).catch((error: Error) => {
      throw new Error(`${name}: ${error.message}`);
    });
    return name;
  };
  return [
    ...(existsSync(served) ? [fromOwn] : []),
    ...(url === undefined ? [] : [fromServer(url)]),
    () => copyFromMedium({ root, run, to, sum, patienceMilliseconds }),
  ];
}
