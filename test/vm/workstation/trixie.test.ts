import { expect, test } from "bun:test";
import { secondsUntil } from "../../lib/cluster.ts";
import { output, run } from "../../lib/shell.ts";
import { LONG, Pair } from "./pair.ts";

test("a Debian 13, whose libraries and criu are others than the node's, sends a process there", async () => {
  await using pair = await Pair.boot("trixie");
  const { desk, node } = pair;
  await pair.join();
  await secondsUntil(desk, "clump nodes", /192\.168\.7\.2 .* up /, 30);
  await secondsUntil(node, "clump nodes", /192\.168\.7\.100 .* up /, 30);
  await pair.bringCriu();
  const pid = await pair.start();
  await output(desk, `su u -c "migrate ${pid} 2"`, LONG);
  expect(await output(node, "clump jobs")).toMatch(new RegExp(`^ *${pid} +work +of 100 `, "m"));
  expect((await run(desk, "wait $!", LONG)).code).toBe(7);
  expect(await output(desk, "cat /home/u/out")).toBe(pair.expected);
  await output(desk, "clump leave && dpkg -P clump", LONG);
}, 900_000);
