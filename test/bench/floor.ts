import type { Contestant } from "./contestants.ts";
import { bootsWith } from "./measure.ts";

const STEP_MEGABYTES = 8;
const FEWEST_STEPS = 96 / STEP_MEGABYTES;
const MOST_STEPS = 512 / STEP_MEGABYTES;

/** The smallest memory, in steps of 8 MB, that a contestant gets its address with; found by halving. */
export async function findFloor(contestant: Contestant): Promise<number> {
  let fails = FEWEST_STEPS;
  let boots = MOST_STEPS;
  while (boots - fails > 1) {
    const middle = Math.floor((fails + boots) / 2);
    if (await bootsWith(contestant, middle * STEP_MEGABYTES)) boots = middle;
    else fails = middle;
  }
  return boots * STEP_MEGABYTES;
}
