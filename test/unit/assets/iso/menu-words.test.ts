import { expect, test } from "bun:test";
import { menuWords } from "../../../../assets/iso/menu-words.ts";

/** The messages of a file with their translations, as msgunfmt(1) reads them. */
function readMessages(bytes: Uint8Array): [message: string, translation: string][] {
  const file = Buffer.from(bytes);
  const text = (entry: number) => {
    const [length, at] = [file.readUInt32LE(entry), file.readUInt32LE(entry + 4)];
    expect(file[at + length]).toBe(0);
    return file.toString("utf8", at, at + length);
  };
  const [count, from, to] = [8, 12, 16].map((at) => file.readUInt32LE(at)) as [number, number, number];
  return Array.from({ length: count }, (_, index) => [text(from + 8 * index), text(to + 8 * index)]);
}

test("menuWords() has a header first, then GRUB's messages in the order of their bytes", () => {
  expect(Buffer.from(menuWords()).readUInt32LE(0)).toBe(0x950412de);
  const messages = readMessages(menuWords());
  expect(messages[0]?.[0]).toBe("");
  const names = messages.map(([message]) => message);
  expect(names).toEqual(names.toSorted());
});

test("no word of ours wants a value that GRUB's message does not give", () => {
  for (const [message, translation] of readMessages(menuWords()).slice(1)) {
    expect(translation).toMatch(/^[ -~]+$/);
    const values = translation.match(/%\w/g) ?? [];
    expect(message.match(/%\w/g)?.slice(0, values.length) ?? []).toEqual(values);
  }
});

test("the title is ours", () => {
  expect(new Map(readMessages(menuWords())).get("GNU GRUB  version %s")).toContain("clump");
});
