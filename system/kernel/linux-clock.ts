/** The real clock of the machine. */

import type { SystemClock } from "./kernel.ts";
import { call } from "./libc.ts";

/** adjtime(3) takes no more at once. */
const LARGEST_SLEW_MILLISECONDS = 2_000_000;

export const linuxClock: SystemClock = {
  step(milliseconds) {
    call("settimeofday", "set the clock", timeval(Date.now() + milliseconds), undefined);
  },
  slew(milliseconds) {
    const most = LARGEST_SLEW_MILLISECONDS;
    const delta = Math.max(-most, Math.min(milliseconds, most));
    call("adjtime", "slew the clock", timeval(delta), undefined);
  },
};

/** struct timeval: seconds, which may be negative, and microseconds from 0 on. */
function timeval(milliseconds: number): Uint8Array {
  const microseconds = BigInt(Math.round(milliseconds * 1_000));
  const fraction = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setBigInt64(0, (microseconds - fraction) / 1_000_000n, true);
  view.setBigInt64(8, fraction, true);
  return bytes;
}
