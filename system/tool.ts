/** Programs of the image that the report asks, and that carry it away. */

import { type Children, describeEnd } from "./children.ts";
import { reason } from "./log.ts";

/** What a program said and how it ended. */
export interface Said {
  readonly ok: boolean;
  readonly output: string;
  /** Why it did not succeed, in one line. */
  readonly complaint: string;
}

/** Runs a program by its absolute path to its end; never throws. */
export type RunTool = (command: readonly string[], within: number) => Promise<Said>;

/**
 * Runs it on this machine. A program that exceeds `within` (milliseconds) is killed and not awaited: a process that
 * hangs in a driver does not die of a signal, and a child of the program may hold its output open.
 */
export const runTool: RunTool = async (command, within) => {
  try {
    const child = Bun.spawn([...command], {
      // Started by process 1, we have no PATH, and programs have children of their own.
      env: { ...process.env, PATH: "/usr/sbin:/usr/bin", LC_ALL: "C" },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const output = listen(child.stdout);
    const errors = listen(child.stderr);
    const done = Promise.all([child.exited, output.ended, errors.ended]);
    const code = await Promise.race([done.then(([status]) => status), expiryOf(within, done)]);
    if (code === "late") {
      child.kill("SIGKILL");
      return { ok: false, output: output.text(), complaint: tooLate(within) };
    }
    const complaint = inOneLine(errors.text()) || `it ended with status ${code}`;
    return { ok: code === 0, output: output.text(), complaint };
  } catch (error) {
    return { ok: false, output: "", complaint: reason(error) };
  }
};

function tooLate(milliseconds: number): string {
  return `not done after ${milliseconds / 1_000} s`;
}

function inOneLine(text: string): string {
  return text.trim().replaceAll("\n", ", ");
}

/** What a stream has said so far, and a promise of its end. */
function listen(stream: ReadableStream<Uint8Array>) {
  const pieces: Uint8Array[] = [];
  const ended = (async () => {
    for await (const piece of stream) pieces.push(piece);
  })();
  return { text: () => Buffer.concat(pieces).toString(), ended };
}

/** Resolves after so many milliseconds, unless it is done before. */
function expiryOf(milliseconds: number, done: Promise<unknown>): Promise<"late"> {
  const { promise, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(resolve, milliseconds, "late");
  void done.finally(() => clearTimeout(timer)).catch(() => {});
  return promise;
}

/** An applet of busybox as a command. */
export function applet(...words: readonly string[]): string[] {
  return ["/usr/bin/busybox", ...words];
}

/**
 * Runs programs as children that process 1 knows: it collects all other processes that end, and Bun would not learn how
 * they ended. What they say on standard output is dropped.
 */
export function runByChildren(children: Pick<Children, "spawn">): RunTool {
  return async (command, within) => {
    try {
      const child = children.spawn(command, { errors: "captured" });
      const end = await Promise.race([child.ended, expiryOf(within, child.ended)]);
      if (end === "late") {
        child.kill("SIGKILL");
        return { ok: false, output: "", complaint: tooLate(within) };
      }
      const complaint = inOneLine(await child.errors()) || `it ended with ${describeEnd(end)}`;
      return { ok: end.status === 0, output: "", complaint };
    } catch (error) {
      return { ok: false, output: "", complaint: reason(error) };
    }
  };
}
