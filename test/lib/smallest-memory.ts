/** Megabytes that a node is promised to boot with (README); `npm run bench` finds the true floor. */
export const SMALLEST_MEGABYTES = 256;
