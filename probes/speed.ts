/** How fast one processor of this machine is, in the unit of MOSIX: 10000 is the standard processor. */

/** The speed of the processor that MOSIX measures others by. */
export const STANDARD_SPEED = 10_000;

/** What the standard processor does in a second: it deflates so many bytes of this text, as a core of a server of 2020. */
const STANDARD_BYTES = 150e6;
/** Long enough for a processor that saves power to wake up. */
const TRIAL_MILLISECONDS = 25;
const LEAST_TRIALS = 3;
/** More would be noise. */
const DIGITS = 2;

/**
 * Deflates a text again and again for 25 ms, and judges by the fastest: whatever else runs makes the others
 * slower. Compression is integers, branches and memory, as most programs are.
 */
export function measureSpeed(clock: () => number, work: () => number = createWork()): number {
  const start = clock();
  let fastest = Number.POSITIVE_INFINITY;
  let bytes = 0;
  for (let trial = 0; trial < LEAST_TRIALS || clock() - start < TRIAL_MILLISECONDS; trial++) {
    const before = clock();
    bytes = work();
    fastest = Math.min(fastest, clock() - before);
  }
  const speed = (STANDARD_SPEED * bytes * 1_000) / fastest / STANDARD_BYTES;
  return Number.isFinite(speed) ? Math.max(Number(speed.toPrecision(DIGITS)), 1) : STANDARD_SPEED;
}

/** One piece of work, which gives its bytes. */
function createWork(): () => number {
  const text = Buffer.from(Array.from({ length: 1_024 }, (_, n) => Math.imul(n, 0x9e3779b1) >>> 0).join(" "));
  return () => {
    Bun.deflateSync(text, { level: 6 });
    return text.length;
  };
}
