/** When a node speaks by multicast: often while it is alone, and all together the same however many there are. */

const SECOND = 1_000;
/** A lonely node asks after so long, and then after twice as long each time. */
const FIRST_JOIN = SECOND;
const LAST_JOIN = 30 * SECOND;
/** Answers to one join are spread over so long for each node that may answer. */
const ACK_SPREAD = 5;
const LONGEST_ACK_SPREAD = 5 * SECOND;
/** All nodes together announce themselves once in so long, which joins the halves of a network that was cut. */
const ANNOUNCE_EVERY = 2 * SECOND;
const LEAST_ANNOUNCE = 20 * SECOND;

/** Milliseconds until a node that has found nobody asks again; `asked` is how often it has. */
export function untilNextJoin(joins: number, random: number): number {
  const delay = Math.min(FIRST_JOIN * 2 ** Math.max(joins - 1, 0), LAST_JOIN);
  return delay * (0.75 + random / 2);
}

/** Milliseconds until a join is answered: at once in a small cluster, scattered in a large one. */
export function untilAck(nodes: number, random: number): number {
  return nodes <= 4 ? 0 : Math.min(nodes * ACK_SPREAD, LONGEST_ACK_SPREAD) * random;
}

/** Milliseconds until a node says again that it is there, unasked. */
export function untilAnnouncement(nodes: number, random: number): number {
  return Math.max(nodes * ANNOUNCE_EVERY, LEAST_ANNOUNCE) * (0.5 + random);
}
