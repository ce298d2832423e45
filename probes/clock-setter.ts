/** The clock: set once from the time servers that a lease names, for a PC whose battery is flat lives in 1980. */

import { type Children, describeEnd } from "../system/children.ts";
import type { Log } from "../system/log.ts";

/** What a server on the same network needs, with room for one that is far away. */
const LIMIT_MILLISECONDS = 5_000;

export interface ClockSetter {
  /**
   * Asks these servers one after the other until one has answered; the same list is asked once.
   * @throws Error where rdate cannot be started
   */
  follow(servers: readonly string[]): Promise<void>;
}

/** Sets the clock with rdate(8), which speaks SNTP (RFC 5905, section 14). */
export function createClockSetter(options: {
  readonly children: Pick<Children, "spawn">;
  readonly log: Log;
  readonly limitMilliseconds?: number;
}): ClockSetter {
  const { children, log, limitMilliseconds = LIMIT_MILLISECONDS } = options;
  let asked = "";

  async function ask(server: string): Promise<boolean> {
    const child = children.spawn(["/usr/sbin/rdate", "-n", "-4", "-s", server], { errors: "captured" });
    const timer = setTimeout(() => child.kill("SIGKILL"), limitMilliseconds);
    const end = await child.ended;
    clearTimeout(timer);
    if (end.status === 0) log.info(`clock set from ${server}`);
    else
      log.warn(
        `Cannot set the clock from ${server}: ${await complaint(child.errors(), describeEnd(end))}, skipping`,
      );
    return end.status === 0;
  }

  return {
    async follow(servers) {
      const list = servers.join(" ");
      if (list === asked) return;
      asked = list;
      for (const server of servers) {
        if (await ask(server)) return;
      }
    },
  };
}

async function complaint(errors: Promise<string>, otherwise: string): Promise<string> {
  return (await errors).trim() || otherwise;
}
