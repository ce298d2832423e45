import { expect, test } from "bun:test";
import { findQuietNumber } from "../../../../../cluster/migration/arrival/supervisor.ts";

test.each<[string, number[], number]>([
  ["far above", [5_000, 5_001], 400],
  ["where the first ones are", [300, 500, 690, 9_000], 690],
  ["in no order", [900, 1_000, 450, 650], 1_000],
])("findQuietNumber() passes pids %s", (_, pids, quiet) => {
  expect(findQuietNumber(pids)).toBe(quiet);
});
