import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatMessage } from "../../../../../cluster/migration/images/image.ts";
import { pendingIn } from "../../../../../cluster/migration/images/pending.ts";

const bytes = (number: number, value: Uint8Array) => ({ number, wire: 2, value });

/** signal_queue_entry of criu's images/siginfo.proto. */
function queueOf(...numbers: readonly number[]): Uint8Array {
  const entries = numbers.map((number) => {
    const info = Buffer.alloc(128);
    info.writeInt32LE(number);
    return bytes(1, formatMessage([bytes(1, info)]));
  });
  return formatMessage(entries);
}

function withImage(core: Uint8Array, look: (path: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "pending-"));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(core.length);
  writeFileSync(join(folder, "core-7.img"), Buffer.concat([Buffer.alloc(8), length, core]));
  try {
    look(join(folder, "core-7.img"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("counts the signals that wait for the process and for its first thread", () => {
  const core = formatMessage([
    { number: 1, wire: 0, value: 1n },
    bytes(3, formatMessage([bytes(10, queueOf(10, 40, 40))])),
    bytes(5, formatMessage([{ number: 1, wire: 0, value: 0n }, bytes(9, queueOf(10, 15))])),
  ]);
  withImage(core, (path) => {
    expect([...pendingIn(path)].toSorted(([one], [other]) => one - other)).toEqual([
      [10, 2],
      [15, 1],
      [40, 2],
    ]);
  });
});

test("a process without signals has none, nor has one without an image", () => {
  withImage(formatMessage([bytes(3, formatMessage([bytes(6, Buffer.from("work"))]))]), (path) =>
    expect([...pendingIn(path)]).toEqual([]),
  );
  expect([...pendingIn("/nonesuch/core-7.img")]).toEqual([]);
});
