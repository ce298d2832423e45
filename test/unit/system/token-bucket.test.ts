import { expect, test } from "bun:test";
import { TokenBucket } from "../../../system/token-bucket.ts";

test("TokenBucket lets its rate through, at once or over time, and no more", () => {
  const bucket = new TokenBucket(3);
  expect([0, 0, 0, 0].map((now) => bucket.takes(now))).toEqual([true, true, true, false]);
  expect([333, 334, 335, 667].map((now) => bucket.takes(now))).toEqual([false, true, false, true]);
  expect([9_000, 9_000, 9_000, 9_000].map((now) => bucket.takes(now))).toEqual([true, true, true, false]);
});
