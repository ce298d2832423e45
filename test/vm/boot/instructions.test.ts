import { expect, test } from "bun:test";
import { countToAddress } from "../../bench/instructions.ts";
import recorded from "../../bench/recorded-instructions.json";

/** Of the recorded figure; boots of one image differ by less than 0.001. */
const TOLERANCE = 0.03;

/**
 * A change that is meant to make the boot faster or slower, or a new kernel of Debian, renews the figure by
 * `bun test/bench/record-instructions.ts`.
 */
test("a boot takes as many instructions from Run /init to the address as are recorded", async () => {
  const ratio = (await countToAddress()) / recorded.toAddress;
  expect(ratio).toBeGreaterThan(1 - TOLERANCE);
  expect(ratio).toBeLessThan(1 + TOLERANCE);
});
