/** Log levels and the log itself: /dev/kmsg, which the kernel copies to every console. */

import { appendFileSync, openSync, writeFileSync, writeSync } from "node:fs";
import { bootTrace } from "./boot-trace.ts";
import { plainMessage } from "./system-error.ts";
import { uptime } from "./uptime.ts";

export interface Log {
  error(line: string): void;
  warn(line: string): void;
  info(line: string): void;
  debug(line: string): void;
}

/** Numbers of syslog(2). */
const LEVELS = { error: 3, warn: 4, info: 6, debug: 7 } as const;

export type Level = keyof typeof LEVELS;

/** A kmsg record holds 1,024 bytes with its prefix (printk.c, LOG_LINE_MAX). */
const LONGEST_LINE_BYTES = 900;

/** The log before and after /dev is there: lines from before `open()` are held and written in order. */
export interface KernelLog extends Log {
  /** Debug lines are dropped unless they are wanted; the second call does nothing. @throws the error of the file system */
  open(options: { readonly debug: boolean }): void;
}

/** Lines that a log keeps in a file: a boot has about a hundred. */
const KEPT_LINES = 500;

/**
 * Logs to the kernel's ring buffer as `tag: line`, one record a line; `root` is "" on a real machine. The first 500 lines
 * go to the file `keep` too: the ring buffer forgets the boot where the machine runs long, or where somebody floods it.
 */
export class KmsgLog implements KernelLog {
  readonly #tag: string;
  readonly #root: string;
  readonly #keep: string | undefined;
  readonly #held: { readonly level: Level; readonly record: string; readonly at: number }[] = [];
  #kept = 0;
  #kmsg: number | undefined;
  #wantsDebug = true;

  constructor(tag: string, root = "", keep?: string) {
    this.#tag = tag;
    this.#root = root;
    this.#keep = keep;
  }

  readonly error = (line: string): void => this.#write("error", line);
  readonly warn = (line: string): void => this.#write("warn", line);
  readonly info = (line: string): void => this.#write("info", line);
  readonly debug = (line: string): void => this.#write("debug", line);

  open({ debug }: { readonly debug: boolean }): void {
    if (this.#kmsg !== undefined) return;
    this.#wantsDebug = debug;
    unlimit(this.#root);
    this.#kmsg = openSync(`${this.#root}/dev/kmsg`, "w");
    for (const { level, record, at } of this.#held.splice(0)) {
      if (level === "debug" && !debug) continue;
      writeRecord(this.#kmsg, record);
      this.#keepRecord(record, at);
    }
  }

  #write(level: Level, line: string): void {
    bootTrace.mark(line);
    const text = cutToBytes(line.replaceAll("\n", " | "), LONGEST_LINE_BYTES);
    const record = `<${LEVELS[level]}>${this.#tag}: ${text}\n`;
    if (this.#kmsg === undefined) this.#held.push({ level, record, at: uptime() });
    else if (level !== "debug" || this.#wantsDebug) {
      writeRecord(this.#kmsg, record);
      this.#keepRecord(record, uptime());
    }
  }

  #keepRecord(record: string, at: number): void {
    if (this.#keep === undefined || this.#kept >= KEPT_LINES) return;
    try {
      appendFileSync(this.#root + this.#keep, record.replace(">", `>[${at.toFixed(6).padStart(12)}] `));
      this.#kept++;
    } catch {
      // The file system may be full, or not be there yet: the kernel's log has the line.
    }
  }
}

/**
 * The log of a service: the kernel's, or standard error where systemd leads it to the journal. A service knows nothing of
 * `debug`. @throws ENOENT…
 */
export function openServiceLog(tag: string): Log {
  // systemd.exec(5).
  if (process.env["JOURNAL_STREAM"] !== undefined) return createJournalLog();
  const log = new KmsgLog(tag);
  log.open({ debug: false });
  return log;
}

/** Lines with their levels before them, as sd-daemon(3) has it; the journal knows the name of the unit. */
function createJournalLog(): Log {
  const at = (level: Level) => (line: string) => void process.stderr.write(`<${LEVELS[level]}>${line}\n`);
  return { error: at("error"), warn: at("warn"), info: at("info"), debug: () => {} };
}

/** The log of a command a person typed: standard error. */
export function createTerminalLog(tag: string): Log {
  const write = (line: string) => void process.stderr.write(`${tag}: ${line}\n`);
  return { error: write, warn: write, info: write, debug: () => {} };
}

/** The kernel drops all but ten of a writer's lines in five seconds unless told not to. */
function unlimit(root: string): void {
  try {
    writeFileSync(`${root}/proc/sys/kernel/printk_devkmsg`, "on\n");
  } catch {
    // EINVAL: the command line has printk.devkmsg=, which locks it as it is.
  }
}

/** As much of a text as fits, whole characters only. */
function cutToBytes(text: string, most: number): string {
  const bytes = Buffer.from(text);
  // A stream decoder keeps a character that is cut for the next piece, which never comes.
  return bytes.length <= most ? text : new TextDecoder().decode(bytes.subarray(0, most), { stream: true });
}

function writeRecord(kmsg: number, record: string): void {
  try {
    writeSync(kmsg, record);
  } catch {
    // A failed write of the log has no other log, and must not end process 1.
  }
}

/** A failure in one line: its message and those of its causes, without codes of the runtime. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = plainMessage(error.message);
  return error.cause === undefined ? message : `${message}: ${reason(error.cause)}`;
}
