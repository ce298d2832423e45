/** The command setpe: configures this node from a map, checks a map, reports the one in force. */

import { readFileSync, writeFileSync } from "node:fs";
import { formatHelp } from "../../system/command-help.ts";
import { reason } from "../../system/log.ts";
import { errnoText } from "../../system/system-error.ts";
import { checkMap, type Self } from "../map/check.ts";
import { addressOfNode, type MapEntry, parseMap, type ResolveHost } from "../map/map.ts";
import { configureNode, readMapText, readOwnNode, removeOwnNode } from "../map/node-map.ts";
import { DISABLED_REPORT, formatReport, type NameAddress } from "../map/report.ts";
import { parseSetpeOptions, SETPE_HELP, SETPE_USAGE, type SetpeRequest } from "./setpe-options.ts";

/** The surroundings of setpe; the paths of the node lie below `root`. */
export interface SetpeIo {
  readonly stdin: () => Promise<string>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly root: string;
  readonly programName: string;
  /** The addresses of this machine; a message about a map without any of them names the first. */
  readonly addresses: () => readonly number[];
  readonly resolve: ResolveHost;
  readonly nameAddress: NameAddress;
}

/** The exit codes of setpe. A wrong call is 0, too. */
const EXIT = { ok: 0, refusedNode: 1, disabled: 3, failed: 102 } as const;

const CHANGES_OWN_MAPPING =
  "The proposed change will modify the current node's mapping,\n" +
  "requiring a full OpenMosix restart, including bringing all processes back home:\n" +
  "If you are sure about the change, use 'setpe -W' (instead of 'setpe -w').\n";

/** Runs setpe with the words after its name. Returns its exit code, and never throws for bad input. */
export async function runSetpe(argv: readonly string[], io: SetpeIo): Promise<number> {
  if (argv.length === 1 && argv[0] === "--help") {
    io.stdout(formatHelp(SETPE_HELP));
    return EXIT.ok;
  }
  let request: SetpeRequest | undefined;
  try {
    request = parseSetpeOptions(argv);
  } catch (error) {
    io.stderr(`${io.programName}: ${reason(error)}\n`);
  }
  if (request === undefined) {
    io.stderr(SETPE_USAGE);
    return EXIT.ok;
  }
  if (request.isNodeInvalid) io.stderr(`${io.programName}: Invalid node number\n`);
  try {
    return await act(request, io);
  } catch (error) {
    io.stderr(`${reason(error)}\n`);
    return EXIT.failed;
  }
}

async function act(request: SetpeRequest, io: SetpeIo): Promise<number> {
  if (request.action === "report") return await report(request, io);
  if (request.action === "off") {
    removeOwnNode(io.root);
    return EXIT.ok;
  }
  const text = await readInput(request.file, io);
  const entries = await parseMap(text, { resolve: io.resolve, program: io.programName });
  const self: Self = request.node === undefined ? { addresses: io.addresses() } : { node: request.node };
  const node = checkMap(entries, self, io.programName);
  if (request.action === "check") return EXIT.ok;
  if (request.action === "write" && (await changesOwnMapping(entries, node, io))) {
    io.stderr(`${io.programName}: ${CHANGES_OWN_MAPPING}`);
    return EXIT.failed;
  }
  return configure({ text, node }, io);
}

function configure(wanted: { readonly text: string; readonly node: number }, io: SetpeIo): number {
  try {
    configureNode(io.root, wanted);
    return EXIT.ok;
  } catch (error) {
    io.stderr(`${io.programName}: Cannot configure node ${wanted.node}: ${reason(error)}\n`);
    if (readMapText(io.root) !== undefined) io.stderr(`${io.programName}: configuration restored!\n`);
    return EXIT.refusedNode;
  }
}

async function report({ file }: SetpeRequest, io: SetpeIo): Promise<number> {
  const current = await readCurrent(io);
  const text = current ? await formatReport(current, io.nameAddress) : DISABLED_REPORT;
  if (file === "-") io.stdout(text);
  else writeFileSync(file, text);
  return current ? EXIT.ok : EXIT.disabled;
}

/** Whether a map would give this configured node another number or another address. */
async function changesOwnMapping(entries: readonly MapEntry[], node: number, io: SetpeIo): Promise<boolean> {
  const current = await readCurrent(io).catch(() => undefined);
  if (current === undefined) return false;
  return current.node !== node || addressOfNode(current.entries, node) !== addressOfNode(entries, node);
}

/** The configuration in force, or nothing while this node is not configured. @throws as parseMap() does */
async function readCurrent(io: SetpeIo) {
  const node = readOwnNode(io.root);
  const text = readMapText(io.root);
  if (node === undefined || text === undefined) return undefined;
  return { node, entries: await parseMap(text, { resolve: io.resolve, program: io.programName }) };
}

async function readInput(file: string, io: SetpeIo): Promise<string> {
  if (file === "-") return await io.stdin();
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    // As perror(3) in the real setpe: not a message of our own.
    throw new Error(`${file}: ${errnoText(error) ?? reason(error)}`);
  }
}
