/** Programs of the image that the report asks, and that carry it away. */

import { reason } from "../../init/machine/log.ts";

/** What a program said and how it ended. */
export interface Said {
  readonly ok: boolean;
  readonly output: string;
  /** Why it did not succeed, in one line. */
  readonly complaint: string;
}

/** Runs a program by its absolute path to its end; never throws. */
export type RunTool = (command: readonly string[], within: number) => Promise<Said>;

/** Runs it on this machine; one that is not done `within` so many milliseconds is killed. */
export const runTool: RunTool = async (command, within) => {
  try {
    const child = Bun.spawn([...command], {
      // Started by process 1, we have no PATH, and programs have children of their own.
      env: { ...process.env, PATH: "/usr/sbin:/usr/bin", LC_ALL: "C" },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), within);
    const [output, errors, code] = await Promise.all([
      child.stdout.text(),
      child.stderr.text(),
      child.exited,
    ]);
    clearTimeout(timer);
    const late = child.signalCode === "SIGKILL" ? `not done after ${within / 1_000} s` : "";
    const said = errors.trim().replaceAll("\n", ", ");
    return { ok: code === 0, output, complaint: late || said || `it ended with status ${code}` };
  } catch (error) {
    return { ok: false, output: "", complaint: reason(error) };
  }
};

/** An applet of busybox as a command. */
export function applet(...words: readonly string[]): string[] {
  return ["/usr/bin/busybox", ...words];
}
