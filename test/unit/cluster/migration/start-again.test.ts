import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Field, formatMessage, parseMessage } from "../../../../cluster/migration/images/image.ts";
import type { GuestOrder } from "../../../../cluster/migration/order.ts";
import type { Passage } from "../../../../cluster/migration/passage.ts";
import { forgetSizes, startAgain } from "../../../../cluster/migration/start-again.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "start-again-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const number = (field: number, value: number): Field => ({ number: field, wire: 0, value: BigInt(value) });

test.each([
  ["is only read", 0, true],
  ["is written", 1, false],
  ["is appended to", 0o2001, false],
  ["is read and written", 2, false],
])("the size of a file that %s must be as in the image: %p flags, %p", (_, flags, isKept) => {
  const file = formatMessage([number(1, 7), number(2, flags), number(8, 4096), number(10, 0o100644)]);
  const entry = formatMessage([number(1, 1), number(2, 7), { number: 3, wire: 2, value: file }]);
  const path = join(folder, "files.img");
  writeFileSync(path, Buffer.concat([Buffer.from("MAGICNUM"), Buffer.from([entry.length, 0, 0, 0]), entry]));
  forgetSizes(folder);
  const [, , regular] = parseMessage(readFileSync(path).subarray(12));
  const numbers = parseMessage(regular!.value as Uint8Array).map((field) => field.number);
  expect(numbers).toEqual(isKept ? [1, 2, 8, 10] : [1, 2, 10]);
});

test.each([
  ["send", "HOME"],
  ["restored", "HOME"],
  ["commit", "HOME"],
  // It may run already.
  ["go", "AWAY"],
  ["", "AWAY"],
] as const)("a start whose %p fails ends with the job %s", async (failing, at) => {
  const said: string[] = [];
  const say = (word: string) => {
    said.push(word);
    if (word === failing) throw new Error(`${word} failed`);
  };
  const step = (word: string) => async () => say(word);
  const passage = {
    send: step("send"),
    restored: step("restored"),
    go: step("go"),
    refuse: () => say("refuse"),
  };
  const state = await startAgain({
    ...{ order: {} as GuestOrder, folder, hasEnded: () => false },
    open: async () => passage as unknown as Passage,
    commit: () => say("commit"),
  });
  expect(state.at).toBe(at);
  expect(said.includes("refuse")).toBe(at === "HOME");
  expect(said.includes("go")).toBe(at === "AWAY");
});
