/** What the processors of this machine are doing, from /proc. */

/** Ticks of all processors since the start; proc_stat(5). */
export interface Ticks {
  readonly busy: number;
  readonly total: number;
  readonly cpus: number;
}

/** @param text of /proc/stat */
export function parseTicks(text: string): Ticks {
  const ticks = /^cpu +(.*)$/m.exec(text)?.[1]?.trim().split(/ +/).map(Number) ?? [];
  // guest and guest_nice, the ninth and tenth, are counted in user and nice already.
  const total = ticks.slice(0, 8).reduce((sum, value) => sum + value, 0);
  const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
  return { busy: total - idle, total, cpus: text.match(/^cpu\d/gm)?.length ?? 0 };
}

/** The processes that run or want to, without this one; the fourth field of proc_loadavg(5). */
export function countRunning(text: string): number {
  const running = Number(/^\S+ \S+ \S+ (\d+)\//.exec(text)?.[1] ?? 1);
  return Math.max(running - 1, 0);
}

/** The busy share of the time between two readings, 0 to 1. */
export function busyShare(before: Pick<Ticks, "busy" | "total">, now: Ticks): number {
  const passed = now.total - before.total;
  return passed > 0 ? Math.min(Math.max((now.busy - before.busy) / passed, 0), 1) : 0;
}
