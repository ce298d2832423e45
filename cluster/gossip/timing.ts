/** Times of the gossip, in ticks of one second. A node that was held up counts its own ticks, not the clock's. */

export const TICK_MILLISECONDS = 1_000;

/** A node that was asked and has said nothing by the tick after is suspected. */
export const ANSWER_TICKS = 1;

const SUSPICION_BASE = 5_400;
const SUSPICION_GROWTH = 80;

/** Dead and departed nodes stay in the view for so long, and are tried now and then: a cut network may heal. */
export const FORGET_TICKS = 3_600;
/** The same where the table is crowded, as when a machine floods it with nodes that do not exist. */
export const CROWDED_FORGET_TICKS = 60;
/** A node is proven when it is heard of again so long after its first answer: no brief forgery achieves that. */
export const PROVEN_MILLISECONDS = 15_000;
/** A dead node that was never proven is in the view for so long. */
export const FLEETING_TICKS = 20;

/** How often long-gone nodes are looked for. */
export const SWEEP_TICKS = 10;

/** A node that does not gossip is asked each minute: where it has not answered twice it is dead. */
export const SILENT_TICKS = 130;

/** A node that heard of a suspicion has so long to ask for itself, and to hear a denial. */
export const SUSPICION_TICKS = 2;

/**
 * Milliseconds that a suspicion stands since the question that nobody answered, wherever that was asked, before
 * it is a death: whoever is held up for five seconds may still deny it.
 */
export function suspicionMilliseconds(nodes: number): number {
  return Math.round(SUSPICION_BASE + SUSPICION_GROWTH * Math.log(Math.max(nodes, 1)));
}

/** How long a change is passed on before other news: until it has reached everybody with near certainty. */
export function broadcastTicks(nodes: number): number {
  return 3 + Math.ceil(2 * Math.log(Math.max(nodes, 1)));
}
