/** clump.guests=idle: guests come while the owner of this workstation is away, and leave when the owner comes back. */

import { runMosctl } from "../../cluster/commands/mosctl.ts";
import { type Log, reason } from "../../system/log.ts";
import { Owner, type Signs } from "./owner.ts";

/** Guests are gone 5 s after the first key: they need the rest of that time. */
export const LOOK_MILLISECONDS = 2_000;

export interface IdleGuestsInputs {
  readonly signs: () => Promise<Signs>;
  /** Does as mosctl with that verb. @throws Error */
  readonly order: (verb: "noblock" | "expel") => Promise<void>;
  readonly log: Log;
}

export class IdleGuests {
  readonly #inputs: IdleGuestsInputs;
  readonly #owner = new Owner();
  /** What was ordered last; absent before the first order. */
  #ordered: "noblock" | "expel" | undefined;
  #complaint = "";

  constructor(inputs: IdleGuestsInputs) {
    this.#inputs = inputs;
  }

  /** Looks once, at `now` in seconds. An order that fails is given again at the next look. Never throws. */
  async look(now: number): Promise<void> {
    const { signs, order, log } = this.#inputs;
    try {
      const wanted = this.#owner.isAway(await signs(), now) ? "noblock" : "expel";
      if (wanted === this.#ordered) return;
      await order(wanted);
      if (wanted === "noblock") log.info("nobody uses this workstation: it takes guests");
      else if (this.#ordered !== undefined) log.info("this workstation is in use: its guests have gone");
      this.#ordered = wanted;
      this.#complaint = "";
    } catch (error) {
      // clumpd starts after this service, and a guest that stays stays for more than one look.
      const complaint = `Cannot follow clump.guests=idle: ${reason(error)}, trying again`;
      if (complaint !== this.#complaint && this.#ordered !== undefined) log.warn(complaint);
      this.#complaint = complaint;
    }
  }

  /** Looks every two seconds until the signal. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look(performance.now() / 1_000);
      await Bun.sleep(LOOK_MILLISECONDS);
    }
  }
}

/** Gives the order to the daemons of the workstation below `root`. @throws Error with their words */
export async function orderByMosctl(root: string, verb: "noblock" | "expel"): Promise<void> {
  const complaints: string[] = [];
  const io = { root, stdout: () => {}, stderr: (text: string) => void complaints.push(text) };
  if ((await runMosctl([verb], io)) !== 0) throw new Error(complaints.join("").trim());
}
