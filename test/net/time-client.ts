/** Our client of a time server, its address the argument: says what it would do with the clock, which is the machine's. */

import { TimeClient } from "../../probes/time/time-client.ts";
import { createTerminalLog } from "../../system/log.ts";

const clock = {
  step: (milliseconds: number) => console.error(`step by ${Math.round(milliseconds)} ms`),
  slew: (milliseconds: number) => console.error(`slew by ${Math.round(milliseconds)} ms`),
};
new TimeClient({ kernel: { clock }, log: createTerminalLog("test") }).update(process.argv.slice(2));
await Bun.sleep(60_000);
