import { expect, test } from "bun:test";
import { mkdirSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { STATUS } from "../../cluster/gossip/entry.ts";
import { IdleGuests, LOOK_MILLISECONDS, orderByMosctl } from "../../init/station/idle-guests.ts";
import { AWAY_SECONDS } from "../../init/station/owner.ts";
import { readSigns } from "../../init/station/signs.ts";
import { Lan, type LanNode, until } from "./lan.ts";

const SILENT = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
const noLogind = async () => ({ ok: false, output: "", complaint: "" });

/** A terminal in which a program waits for input, as the only terminal of that node. */
async function openTerminal(
  node: LanNode,
): Promise<{ readonly press: () => void; readonly close: () => void }> {
  const named = Promise.withResolvers<string>();
  let said = "";
  const terminal = new Bun.Terminal({
    data: (_, bytes) => {
      said += Buffer.from(bytes).toString();
      const path = /^(\/dev\/pts\/\d+)\r?\n/.exec(said)?.[1];
      if (path !== undefined) named.resolve(path);
    },
  });
  const child = Bun.spawn(["sh", "-c", "tty; exec cat >/dev/null"], { terminal });
  const path = await named.promise;
  mkdirSync(join(node.root, "dev"));
  symlinkSync(path, join(node.root, "dev/tty1"));
  // Ten minutes ago: the kernel notes each 8 s that a terminal was read from.
  utimesSync(path, 1, 1);
  return {
    press: () => void terminal.write("x\n"),
    close: () => {
      child.kill();
      terminal.close();
    },
  };
}

test("a node takes guests while its owner is away, and none within 5 s of a key", async () => {
  await using lan = await Lan.create({ id: 1, words: "clump.guests=no" });
  const [node] = lan.nodes;
  const terminal = await openTerminal(node!);
  const takesGuests = () => {
    const status = node!.view()?.nodes.find(({ isSelf }) => isSelf)?.status;
    return status !== undefined && (status & STATUS.block) === 0;
  };
  const guests = new IdleGuests({
    ...{ log: SILENT, signs: () => readSigns(node!.root, noLogind) },
    order: (verb) => orderByMosctl(node!.root, verb),
  });
  const describe = () => JSON.stringify(node!.view());
  try {
    node!.start();
    await until(() => node!.view()?.nodes.length === 1, describe);
    await guests.look(0);
    expect(takesGuests()).toBe(false);
    await guests.look(AWAY_SECONDS);
    await until(takesGuests, describe);
    await guests.look(AWAY_SECONDS + 1);
    expect(takesGuests()).toBe(true);
    terminal.press();
    const look = async () => {
      await guests.look(AWAY_SECONDS + 2);
      return !takesGuests();
    };
    expect(await until(look, describe, { every: LOOK_MILLISECONDS })).toBeLessThan(5);
  } finally {
    terminal.close();
  }
}, 60_000);
