import { expect, test } from "bun:test";
import { writeView } from "../../../../cluster/view.ts";
import { StatusWatch } from "../../../../modes/sources/status-watch.ts";
import { uptime } from "../../../../system/uptime.ts";
import { makeRoot } from "../../../fixtures/root.ts";
import { VIEW } from "../../cluster/nodes.ts";

function viewFrom(seconds: number): string {
  const heardUptime = uptime() - seconds;
  return JSON.stringify({ ...VIEW, nodes: VIEW.nodes.map((node) => ({ ...node, heardUptime })) });
}

test("StatusWatch gives a view as it holds now: without living nodes once it is old", () => {
  using root = makeRoot({ "/run/clump/": "" });
  const watch = new StatusWatch(root.path, () => {});
  expect(watch.cluster()).toBeUndefined();
  writeView(root.path, viewFrom(1));
  expect(watch.cluster()?.nodes[0]?.state).toBe("up");
  writeView(root.path, viewFrom(20));
  expect(watch.cluster()?.nodes[0]?.state).toBe("silent");
  expect(watch.cluster()?.problems[0]).toMatch(/^clumpd has been silent for 2\d s/);
  watch.close();
});
