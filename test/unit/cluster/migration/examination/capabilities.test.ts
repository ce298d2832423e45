import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  findLimit,
  limitCapabilities,
  restoreCapabilities,
} from "../../../../../cluster/migration/examination/capabilities.ts";
import { type Field, formatMessage, parseMessage } from "../../../../../cluster/migration/images/image.ts";

/** All capabilities of Linux 6.1, and those of them that a guest may have. */
const FULL = 0x1ff_ffff_ffffn;
const LIMITED = 0x2004_c1fbn;
/** cap_inh, cap_prm, cap_eff, cap_bnd. */
type Sets = readonly [bigint, bigint, bigint, bigint];
const ROOT: Sets = [0n, FULL, FULL, FULL];
const ROOT_AS_GUEST: Sets = [0n, LIMITED, LIMITED, LIMITED];
const USER: Sets = [0n, 0n, 0n, FULL];
const USER_AS_GUEST: Sets = [0n, 0n, 0n, LIMITED];

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "capabilities-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const number = (field: number, value: bigint): Field => ({ number: field, wire: 0, value });
const message = (field: number, fields: readonly Field[]): Field => ({
  ...{ number: field, wire: 2, value: formatMessage(fields) },
});

/** core-7.img: mtype, registers, thread_core with creds, and one more field behind them. */
function writeCore(sets: Sets): void {
  const words = sets.flatMap((set, index) =>
    [set & 0xffff_ffffn, set >> 32n].map((word) => number(9 + index, word)),
  );
  const credentials = message(10, [number(1, 1000n), ...words, number(13, 47n)]);
  const registers: Field = { number: 2, wire: 2, value: Uint8Array.of(1, 2, 3) };
  const fields = [number(1, 1n), registers, message(5, [number(1, 2n ** 64n - 1n), credentials])];
  const entry = formatMessage(fields);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(entry.length);
  writeFileSync(join(folder, "core-7.img"), Buffer.concat([Buffer.from("MAGICNUM"), length, entry]));
}

/** The sets of core-7.img; all else of it must be as it was written. */
function readCore(): bigint[] {
  const bytes = readFileSync(join(folder, "core-7.img"));
  expect(bytes.toString("latin1", 0, 8)).toBe("MAGICNUM");
  expect(bytes.readUInt32LE(8)).toBe(bytes.length - 12);
  const [kind, registers, thread] = parseMessage(bytes.subarray(12));
  expect([kind?.value, Buffer.from(registers?.value as Uint8Array)]).toEqual([1n, Buffer.from([1, 2, 3])]);
  const [futex, credentials] = parseMessage(thread?.value as Uint8Array);
  expect(futex?.value).toBe(2n ** 64n - 1n);
  const fields = parseMessage(credentials?.value as Uint8Array);
  expect(fields.filter((field) => [1, 13].includes(field.number)).map(({ value }) => value)).toEqual([
    1000n,
    47n,
  ]);
  return [9, 10, 11, 12].map((set) => {
    const [low = 0n, high = 0n] = fields.filter((field) => field.number === set).map(({ value }) => value);
    return (low as bigint) | ((high as bigint) << 32n);
  });
}

describe("the capabilities of a process", () => {
  test.each<[string, Sets, Sets]>([
    ["root", ROOT, ROOT_AS_GUEST],
    ["a user", USER, USER_AS_GUEST],
  ])(
    "of %s are fewer as a guest, stay so on its way to a third node, and come back at home",
    (_, sets, limited) => {
      writeCore(sets);
      limitCapabilities(folder);
      expect(readCore()).toEqual([...limited]);
      limitCapabilities(folder);
      expect(readCore()).toEqual([...limited]);
      restoreCapabilities(folder, FULL);
      expect(readCore()).toEqual([...sets]);
    },
  );

  test("do not come back where the guest has given one up", () => {
    const given: Sets = [0n, 0n, 0n, LIMITED & ~1n];
    writeCore(given);
    restoreCapabilities(folder, FULL);
    expect(readCore()).toEqual([...given]);
  });

  test.each<[string, bigint, boolean]>([
    ["all", FULL, true],
    ["none", 0n, true],
    ["some that a guest may have", 0x3n, true],
    ["all but SYS_MODULE", FULL & ~(1n << 16n), false],
    ["NET_RAW alone", 1n << 13n, false],
    ["all that a guest may have alone", LIMITED, false],
  ])("%s could be had again at home, or the process does not move", (_, set, moves) => {
    expect(findLimit(set, FULL) === undefined).toBe(moves);
  });
});

test.each([
  ["cut within a length", Uint8Array.of(1, 0, 0)],
  ["cut within an entry", Uint8Array.of(9, 0, 0, 0, 8, 1)],
  ["whose number has no end", Uint8Array.of(2, 0, 0, 0, 8, 0x80)],
  ["with bytes behind its end", Uint8Array.of(2, 0, 0, 0, 0x2a, 5)],
  ["with an unknown kind of field", Uint8Array.of(1, 0, 0, 0, 0x0b)],
])("an image %s is refused", (_, bytes) => {
  writeFileSync(join(folder, "core-7.img"), Buffer.concat([Buffer.from("MAGICNUM"), bytes]));
  expect(() => limitCapabilities(folder)).toThrow("Cannot read an image of criu");
});
