import { describe, expect, test } from "bun:test";
import { decodeOptions, encodeOptions } from "../../../../../probes/dhcp/packet/option-field.ts";

let ignored: string[] = [];

function decode(options: number[], file: number[] = [], sname: number[] = []): Record<number, number[][]> {
  const fields = {
    options: Uint8Array.from(options),
    file: Uint8Array.from(file),
    sname: Uint8Array.from(sname),
  };
  ignored = [];
  const decoded = decodeOptions(fields, (error) => ignored.push(error.message));
  return Object.fromEntries([...decoded].map(([code, values]) => [code, values.map((value) => [...value])]));
}

describe("decodeOptions()", () => {
  test.each<[string, Parameters<typeof decode>, Record<number, number[][]>]>([
    ["nothing at all", [[]], {}],
    ["options up to END", [[53, 1, 2, 255, 12, 1, 65]], { 53: [[2]] }],
    ["pads between options", [[0, 0, 53, 1, 2, 0, 12, 1, 65, 255]], { 53: [[2]], 12: [[65]] }],
    ["a field without END", [[53, 1, 2]], { 53: [[2]] }],
    ["an option without a value", [[80, 0, 255]], { 80: [[]] }],
    [
      "two instances of one option",
      [[6, 1, 1, 12, 1, 65, 6, 2, 2, 3, 255]],
      { 6: [[1], [2, 3]], 12: [[65]] },
    ],
    [
      "file and sname only where option 52 says so",
      [
        [53, 1, 2, 255],
        [12, 1, 65, 255],
        [15, 1, 66, 255],
      ],
      { 53: [[2]] },
    ],
    [
      "file at overload 1",
      [
        [52, 1, 1, 255],
        [12, 1, 65, 255],
        [15, 1, 66, 255],
      ],
      { 52: [[1]], 12: [[65]] },
    ],
    [
      "sname at overload 2",
      [
        [52, 1, 2, 255],
        [12, 1, 65, 255],
        [15, 1, 66, 255],
      ],
      { 52: [[2]], 15: [[66]] },
    ],
    [
      "file before sname at overload 3",
      [
        [52, 1, 3, 6, 1, 1, 255],
        [6, 1, 2, 255],
        [6, 1, 3],
      ],
      { 52: [[3]], 6: [[1], [2], [3]] },
    ],
  ])("reads %s", (_, fields, expected) => {
    expect(decode(...fields)).toEqual(expected);
  });

  test.each<[string, Parameters<typeof decode>, Record<number, number[][]>, string]>([
    ["a code without a length", [[12, 1, 65, 53]], { 12: [[65]] }, "option 53: it runs over"],
    ["a length beyond the field", [[12, 1, 65, 53, 2, 1]], { 12: [[65]] }, "option 53: it runs over"],
    [
      "a length beyond the file field, and reads sname",
      [
        [52, 1, 3, 255],
        [12, 9, 65],
        [15, 1, 66, 255],
      ],
      { 52: [[3]], 15: [[66]] },
      "option 12: it runs over",
    ],
    [
      "an overload of 0",
      [
        [52, 1, 0],
        [12, 1, 65],
      ],
      { 52: [[0]] },
      "option 52 (overload)",
    ],
    [
      "an overload of 4",
      [
        [52, 1, 4],
        [12, 1, 65],
      ],
      { 52: [[4]] },
      "option 52 (overload)",
    ],
    [
      "an overload of two bytes",
      [
        [52, 2, 1, 1],
        [12, 1, 65],
      ],
      { 52: [[1, 1]] },
      "option 52 (overload)",
    ],
    [
      "an empty overload",
      [
        [52, 0],
        [12, 1, 65],
      ],
      { 52: [[]] },
      "option 52 (overload)",
    ],
  ])("leaves out %s", (_, fields, expected, why) => {
    expect(decode(...fields)).toEqual(expected);
    expect(ignored).toEqual([expect.stringContaining(why)]);
  });

  test("reads the first of two overloads", () => {
    expect(decode([52, 1, 1, 52, 1, 2, 255], [12, 1, 65], [15, 1, 66])).toMatchObject({ 12: [[65]] });
    expect(ignored).toEqual([]);
  });
});

describe("encodeOptions()", () => {
  test("writes options in their order and an END", () => {
    const options = new Map([
      [53, [Uint8Array.of(1)]],
      [12, [Uint8Array.of(65, 66), Uint8Array.of(67)]],
      [80, [Uint8Array.of()]],
    ]);
    expect([...encodeOptions(options)]).toEqual([53, 1, 1, 12, 2, 65, 66, 12, 1, 67, 80, 0, 255]);
  });

  test("writes a value of more than 255 bytes in pieces", () => {
    const value = new Uint8Array(600).map((_, at) => at);
    const bytes = encodeOptions(new Map([[121, [value]]]));
    expect(bytes.length).toBe(600 + 3 * 2 + 1);
    expect(decode([...bytes])[121]?.flat()).toEqual([...value]);
  });
});
