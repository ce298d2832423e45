/** Which criu(8) knows which kernel: one that does not would fail in the middle of a move, with words that help nobody. */

import { existsSync } from "node:fs";
import { release } from "node:os";
import { runTool } from "../../system/tool.ts";

/** From this kernel on, criu before 4.1 ends with "Unexpected rt vDSO area bounds". */
const NEW_VDSO_KERNEL = [6, 13];
const NEW_VDSO_CRIU = [4, 1];
const LEAST_CRIU = [3, 17];

const TOOL_MILLISECONDS = 10_000;

/** Reads what `criu --version` says, as "3.17.1"; undefined where that is something else. */
export function readCriuVersion(said: string): string | undefined {
  return /^Version: (\S+)/m.exec(said)?.[1];
}

/** Why that criu cannot move processes on that kernel, and which is wanted; undefined where it can. */
export function findMisfit(criu: string, kernel: string): string | undefined {
  const wanted = isBefore(kernel, NEW_VDSO_KERNEL) ? LEAST_CRIU : NEW_VDSO_CRIU;
  if (!isBefore(criu, wanted)) return;
  return `criu ${criu} does not know kernel ${kernel}: criu ${wanted.join(".")} or later was wanted`;
}

/** Gives the path of a criu that has been chosen for this machine, once it is known to fit. @throws Error that says why not */
export function fittingCriu(path: string, kernel = release()): () => Promise<string> {
  let fits = false;
  return async () => {
    if (fits) return path;
    if (!existsSync(path))
      throw new Error(`Cannot move processes: there is no ${path}, and criu(8) was wanted`);
    const version = readCriuVersion((await runTool([path, "--version"], TOOL_MILLISECONDS)).output);
    const misfit = version === undefined ? undefined : findMisfit(version, kernel);
    if (misfit !== undefined) throw new Error(`Cannot move processes: ${misfit}`);
    fits = true;
    return path;
  };
}

function isBefore(version: string, wanted: readonly number[]): boolean {
  const numbers = version.split(/[.-]/).map(Number);
  const at = wanted.findIndex((number, index) => (numbers[index] ?? 0) !== number);
  return at >= 0 && (numbers[at] ?? 0) < wanted[at]!;
}
