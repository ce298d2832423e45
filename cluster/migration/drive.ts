/** Runs one move, step by step as transition() says. */

import { type Effect, type Event, START, type State, transition } from "./transition.ts";

export interface Mover {
  /** Performs one effect. Never throws: what fails is an event. */
  perform(effect: Effect): Promise<Event>;
}

/** Resolves with where the process is at the end. */
export async function drive(mover: Mover): Promise<State> {
  let { state, effects } = START;
  while (effects.length > 0) {
    let event: Event = { kind: "done" };
    for (const effect of effects) event = await mover.perform(effect);
    ({ state, effects } = transition(state, event));
  }
  return state;
}
