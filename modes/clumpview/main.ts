/** The program clumpview: shows this node and its cluster until a key or a signal. */

import { askDaemon } from "../../cluster/commands/mosctl.ts";
import { formatHelp, formatRefusal } from "../../system/command-help.ts";
import { reason } from "../../system/log.ts";
import { isUnread, say, writeAll } from "../../system/output.ts";
import { readAccess } from "../../system/state/access.ts";
import { describeAccess } from "../access/notice.ts";
import { Demo } from "../sources/demo.ts";
import { takeFrame } from "../sources/frame.ts";
import { Recording } from "../sources/recording.ts";
import { openRemote, parseHost, readKey } from "../sources/remote.ts";
import { LiveSource, type Source } from "../sources/source.ts";
import { toAscii, toShowable } from "../terminal/canvas.ts";
import { formatFrame, takeOneFrame } from "./once.ts";
import { CLUMPVIEW_HELP, type ClumpviewOptions, parseClumpviewOptions } from "./options.ts";
import { EXIT, Show } from "./show.ts";

export interface ClumpviewIo {
  readonly root: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** This machine; output is written at once, because the program ends right after. */
const MACHINE: ClumpviewIo = {
  root: "",
  stdout: (text) => writeAll(1, text),
  stderr: (text) => say(2, text),
};

const SECOND = 1_000;

/** Runs clumpview; `argv` follows its name. Returns the exit code: 0 only after output or a key. */
export async function runClumpview(argv: readonly string[], io: ClumpviewIo = MACHINE): Promise<number> {
  let options: ClumpviewOptions;
  try {
    options = parseClumpviewOptions(argv);
  } catch (error) {
    io.stderr(formatRefusal(CLUMPVIEW_HELP, reason(error)));
    return EXIT.usage;
  }
  if (options.help) {
    io.stdout(formatHelp(CLUMPVIEW_HELP));
    return 0;
  }
  if (options.drone) await becomeDrone(io);
  let onChange = () => {};
  let source: Source;
  try {
    source = await openSource(options, io.root, () => onChange());
  } catch (error) {
    io.stderr(`clumpview: ${reason(error)}\n`);
    return EXIT.failed;
  }
  if (options.prints) return await print(source, options, io);
  const notice = options.consoles.length > 0 ? describeAccess(readAccess(io.root)) : undefined;
  // As poweroff(8) asks: process 1 of this machine, and not of one whose files are shown.
  const powerOff = io.root === "" ? () => void process.kill(1, "SIGUSR2") : undefined;
  const show = new Show(options, { ...io, source, notice, powerOff });
  onChange = () => show.redraw();
  return await show.exit;
}

async function openSource(options: ClumpviewOptions, root: string, onChange: () => void): Promise<Source> {
  const { demo, recorded, host, key } = options;
  if (demo !== undefined) return new Demo(demo);
  if (host !== undefined) return await openRemote(parseHost(host), { name: host, key: readKey(key) });
  return recorded === undefined ? new LiveSource(root, onChange) : new Recording(recorded);
}

/** --drone of mosmon: local processes do not migrate away. */
async function becomeDrone({ root, stderr }: ClumpviewIo): Promise<void> {
  try {
    await askDaemon(root, "lstay");
  } catch {
    stderr("clumpview: Cannot make this node a drone: it takes part in no cluster yet, ignoring\n");
  }
}

async function print(
  source: Source,
  { prints, ascii }: ClumpviewOptions,
  { stdout }: ClumpviewIo,
): Promise<number> {
  if (prints === "record") return await record(source, stdout);
  const frame = await takeOneFrame(source);
  source.close();
  const text = prints === "json" ? `${JSON.stringify(frame)}\n` : toShowable(formatFrame(frame));
  try {
    stdout(ascii && prints === "once" ? Array.from(text, toAscii).join("") : text);
  } catch (error) {
    if (!isUnread(error)) throw error;
  }
  return 0;
}

/** Prints a frame each second until the reader goes. */
async function record(source: Source, stdout: (text: string) => void): Promise<number> {
  for (;;) {
    const frame = await takeFrame(source);
    try {
      stdout(`${JSON.stringify(frame)}\n`);
    } catch (error) {
      source.close();
      if (isUnread(error)) return 0;
      throw error;
    }
    await Bun.sleep(SECOND);
  }
}
