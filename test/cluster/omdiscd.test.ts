import { expect, test } from "bun:test";
import { readOwnNode } from "../../cluster/map/node-map.ts";
import { UNKNOWN_LOAD } from "../../cluster/view.ts";
import { Lan, type LanNode, until } from "./lan.ts";

/** omdiscd 0.3.6-2 at its start on 10.9.0.9, and its answer; the bytes it was seen to send on 10.0.2.15. */
const JOIN = "64c4f01e6a0a0900090000000000000000000000000000000000000000";
const LEAVE = JOIN.replace("1e6a", "1e65");
/** What it hears of 10.9.0.1. */
const ANSWER = "64c4f01e610a0900010000000000000000000000000000000000000000";

test("an openMosix node of 2004 and ours list each other", async () => {
  await using lan = await Lan.create({ id: 1, words: "clump.discovery=omdiscd" }, { id: 9 });
  const [ours, theirs] = lan.nodes as [LanNode, LanNode];
  await Bun.write(`${ours.root}/run/clump/node`, "1\n");
  await Bun.write(`${ours.root}/etc/mosix.map`, "1 10.9.0.1 1\n");
  ours.start();
  await until(
    () => ours.view()?.nodes.length === 1,
    () => "no view",
  );

  const heard = await theirs.run([
    process.execPath,
    `${import.meta.dir}/omdiscd-peer.ts`,
    theirs.address,
    JOIN,
    ANSWER,
  ]);
  expect(heard).toContain(ANSWER);
  await until(
    () => ours.state(theirs) === "silent",
    () => ours.state(theirs),
  );
  const shown = ours.view()?.nodes.find(({ id }) => id === 9);
  expect(shown).toMatchObject({ address: "10.9.0.9", ...UNKNOWN_LOAD });
  const map = () => Bun.file(`${ours.root}/etc/mosix.map`).text();
  await until(
    () => ours.view()?.nodes.length === 2,
    () => "alone",
  );
  expect(await map()).toBe("1 10.9.0.1 1\n9 10.9.0.9 1\n");
  expect(readOwnNode(ours.root)).toBe(1);
  expect(await ours.ask("isup 9")).toBe("no (it seems)");

  await theirs.run([process.execPath, `${import.meta.dir}/omdiscd-peer.ts`, theirs.address, LEAVE]);
  await until(
    () => ours.state(theirs) === "left",
    () => ours.state(theirs),
  );
}, 120_000);

test("a neighbour that announces 253 nodes does not fill the log, and the view has them all", async () => {
  await using lan = await Lan.create({ id: 1 }, { id: 9 });
  const [ours, theirs] = lan.nodes as [LanNode, LanNode];
  ours.start();
  await until(
    () => ours.view()?.nodes.length === 1,
    () => "no view",
  );
  await theirs.run([process.execPath, `${import.meta.dir}/omdiscd-flood.ts`, theirs.address]);
  await until(
    () => (ours.view()?.nodes.length ?? 0) > 200,
    () => `${ours.view()?.nodes.length} nodes`,
  );
  expect(ours.log.filter((line) => line.startsWith("clumpd: node ")).length).toBe(40);
}, 120_000);
