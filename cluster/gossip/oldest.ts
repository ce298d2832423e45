/** The oldest entries of a table. Every message asks for them, and no JIT compiles this: the loop calls as little as it can. */

export interface OldestOptions {
  /** Slots of the table. */
  readonly size: number;
  /** Slots to find, at least 1. */
  readonly most: number;
  readonly isUp: (slot: number) => boolean;
}

/** The slots of the living nodes that spoke longest ago, those first; `produced` holds the times by slot. */
export function oldestSlots(
  produced: Float64Array | Uint32Array,
  { size, most, isUp }: OldestOptions,
): number[] {
  const oldest: number[] = [];
  /** A slot as late as the last of a full list is none of the oldest. */
  let limit = Number.POSITIVE_INFINITY;
  for (let slot = 0; slot < size; slot++) {
    const at = produced[slot]!;
    if (at >= limit || !isUp(slot)) continue;
    let place = Math.min(oldest.length, most - 1);
    while (place > 0 && produced[oldest[place - 1]!]! > at) {
      oldest[place] = oldest[place - 1]!;
      place--;
    }
    oldest[place] = slot;
    if (oldest.length === most) limit = produced[oldest[most - 1]!]!;
  }
  return oldest;
}
