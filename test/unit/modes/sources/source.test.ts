import { expect, test } from "bun:test";
import { LiveSource } from "../../../../modes/sources/source.ts";
import { writeDeparture } from "../../../../system/state/departure.ts";
import { uptime } from "../../../../system/uptime.ts";
import { makeRoot } from "../../../fixtures/root.ts";

test("guests have no more seconds than they were given, however old the latest sample is", async () => {
  using root = makeRoot({ "/run/clump/": "" });
  const source = new LiveSource(root.path, () => {});
  writeDeparture(root.path, { untilUptime: uptime() + 60, stays: [] });
  expect(source.departure()).toEqual({ secondsLeft: 60, stays: [] });
  writeDeparture(root.path, { untilUptime: uptime() - 1, stays: [] });
  expect(source.departure()?.secondsLeft).toBe(0);
  source.close();
});
