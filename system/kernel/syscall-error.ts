import { constants } from "node:os";

/** A system call that failed: which, with which errno name, and what it was to do. */
export class SyscallError extends Error {
  readonly call: string;
  /** As errno(3) names it: "EBUSY". */
  readonly errno: string;

  constructor(call: string, errno: number, options: { readonly doing: string; readonly meaning: string }) {
    const name = errnoName(errno);
    super(`Cannot ${options.doing}: ${name} (${options.meaning.toLowerCase()})`);
    this.name = "SyscallError";
    this.call = call;
    this.errno = name;
  }
}

/** Whether a call has failed in one of these ways: one of ours, or one of the runtime's, whose `code` says so. */
export function failedWith(error: unknown, ...names: readonly string[]): boolean {
  if (!(error instanceof Error)) return false;
  const { errno, code } = error as { readonly errno?: unknown; readonly code?: unknown };
  return names.includes(String(errno)) || names.includes(String(code));
}

/** The name of an errno number, "errno 999" for one this system does not have. */
export function errnoName(errno: number): string {
  const found = Object.entries(constants.errno).find(([, number]) => number === errno);
  return found === undefined ? `errno ${errno}` : found[0];
}
