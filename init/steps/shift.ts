import type { Drivers } from "../../probes/drivers.ts";
import type { Consoles } from "../../system/kernel/kernel.ts";
import type { StepLimit } from "../../system/step.ts";

/** Interval between reads of the keyboards' state. */
const LOOK_MILLISECONDS = 100;
/** A keyboard with a new driver reports a key that is already down only with its first reports. */
const REPORT_MILLISECONDS = 300;
/** How long a driver may hold the decision, from the start of the watch on. */
const LIMIT_MILLISECONDS = 15_000;
/** Of the step that waits for the decision: the watch decides before. */
export const SHIFT_LIMIT: StepLimit = { within: 20_000 };

export interface ShiftWatch {
  /**
   * Whether a Shift key has been down since the watch began; false not before all keyboards have their drivers and had
   * the time to say so, or 15 s are over. Ends the watch. @throws SyscallError
   */
  decide(): Promise<boolean>;
}

/** Watches Shift from now on, so that a person may release the key before the decision. */
export function watchShift(
  kernel: Pick<Consoles, "shiftHeld">,
  drivers: Pick<Drivers, "settled">,
): ShiftWatch {
  const seen = Promise.withResolvers<boolean>();
  const timer = setInterval(look, LOOK_MILLISECONDS);
  const limit = Bun.sleep(LIMIT_MILLISECONDS);
  const reported = drivers.settled("keyboards").then(() => Bun.sleep(REPORT_MILLISECONDS));
  // decide() reports an error; before that call a rejection has no handler.
  seen.promise.catch(() => {});
  reported.catch(() => {});

  function look(): void {
    try {
      if (!kernel.shiftHeld()) return;
      seen.resolve(true);
    } catch (error) {
      seen.reject(error);
    }
    clearInterval(timer);
  }

  async function decide(): Promise<boolean> {
    try {
      return await Promise.race([
        seen.promise,
        Promise.race([reported, limit]).then(() => kernel.shiftHeld()),
      ]);
    } finally {
      clearInterval(timer);
    }
  }

  return { decide };
}
