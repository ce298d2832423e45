import { expect, test } from "bun:test";
import { Lan, until } from "./lan.ts";

const NODES = 5;
const WITHIN_SECONDS = 5;
/** A busy machine may hold one of the nodes up for seconds, but hardly each time. */
const ATTEMPTS = 3;

test("all see all within 5 s of the last lease", async () => {
  let seconds = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS && seconds > WITHIN_SECONDS; attempt++) {
    seconds = Math.min(seconds, await secondsFromLastLease());
  }
  console.log(`all see all ${seconds.toFixed(1)} s after the last lease`);
  expect(seconds).toBeLessThanOrEqual(WITHIN_SECONDS);
}, 120_000);

async function secondsFromLastLease(): Promise<number> {
  await using lan = await Lan.create(...Array.from({ length: NODES }, (_, index) => ({ id: index + 1 })));
  const { nodes } = lan;
  const describe = () => nodes.map((node) => JSON.stringify(node.view())).join("\n");
  for (const node of nodes) node.setAddress(undefined);
  for (const node of nodes) node.start();
  // Each is there, and alone, until it has a lease.
  await until(() => nodes.every((node) => node.view()?.nodes.length === 0), describe);
  for (const node of nodes) node.setAddress(node.address);
  const seconds = await until(
    () => nodes.every((node) => nodes.every((other) => node === other || node.state(other) === "up")),
    describe,
    { every: 50 },
  );
  expect(nodes.map((node) => node.view()?.nodes.length)).toEqual(nodes.map(() => NODES));
  return seconds;
}
