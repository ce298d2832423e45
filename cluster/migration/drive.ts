/** Runs one move, step by step as transition() says. */

import { reason } from "../../system/log.ts";
import type { MoveWatch } from "./move-watch.ts";
import { type Effect, type Event, START, type State, type Step, transition } from "./transition.ts";

export interface Mover {
  /** Performs one effect. @throws Error with the reason why that failed */
  act(effect: Effect): Promise<void>;
  /** Whether the process has ended by itself meanwhile. */
  hasEnded(): boolean;
}

/** Resolves with where the process is at the end. Never throws: what fails is an event. */
export async function drive(mover: Mover, watch?: MoveWatch, start: Step = START): Promise<State> {
  let { state, effects } = start;
  while (effects.length > 0) {
    let event: Event = { kind: "done" };
    for (const effect of effects) {
      watch?.begins(effect);
      event = await perform(mover, effect);
      watch?.ends(effect, event.kind === "done");
    }
    ({ state, effects } = transition(state, event));
  }
  return state;
}

async function perform(mover: Mover, effect: Effect): Promise<Event> {
  try {
    await mover.act(effect);
    return { kind: "done" };
  } catch (error) {
    return mover.hasEnded() ? { kind: "ended" } : { kind: "failed", reason: reason(error) };
  }
}
