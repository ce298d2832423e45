/**
 * Lives of a node, numbered by 32 bits that go round (RFC 1982): there is no last life, so a forged life
 * is always one that the node can outlive.
 */

const HALF = 2 ** 31;

/**
 * How many lives later `life` is than `other`; negative where it is earlier. Two that are half a turn apart are each
 * later than the other, or neither could end what the other began.
 */
export function livesAfter(life: number, other: number): number {
  const ahead = (life - other) >>> 0;
  return ahead > HALF ? ahead - 2 * HALF : ahead;
}

/** The life after that one. */
export function nextLife(life: number): number {
  return (life + 1) >>> 0;
}
