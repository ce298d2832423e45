import { expect, test } from "bun:test";
import { output, run } from "../../lib/shell.ts";
import { LONG, Pair } from "./pair.ts";

test("a Debian 13, whose libraries and criu are others than the node's, sends a process there", async () => {
  await using pair = await Pair.boot("trixie", { serves: false });
  const { desk } = pair;
  await output(desk, "dpkg -i /srv/clump.deb", LONG);
  await pair.joinNode();
  await pair.bringCriu();
  const pid = await pair.start();
  await output(desk, `su u -c "migrate ${pid} 2"`, LONG);
  expect(await output(pair.node, "clump jobs")).toMatch(new RegExp(`^ *${pid} +work +of 100 `, "m"));
  expect((await run(desk, "wait $!", LONG)).code).toBe(7);
  expect(await output(desk, "cat /home/u/out")).toBe(pair.expected);
  await output(desk, "clump leave && dpkg -P clump", LONG);
}, 900_000);
