import { describe, expect, test } from "bun:test";
import { decodeOptions, encodeOptions } from "../../../../probes/dhcp/option-field.ts";
import { DhcpPacketError } from "../../../../probes/dhcp/packet-error.ts";

function decode(options: number[], file: number[] = [], sname: number[] = []): Record<number, number[]> {
  const fields = {
    options: Uint8Array.from(options),
    file: Uint8Array.from(file),
    sname: Uint8Array.from(sname),
  };
  return Object.fromEntries([...decodeOptions(fields)].map(([code, bytes]) => [code, [...bytes]]));
}

describe("decodeOptions()", () => {
  test.each<[string, Parameters<typeof decode>, Record<number, number[]>]>([
    ["nothing at all", [[]], {}],
    ["options up to END", [[53, 1, 2, 255, 12, 1, 65]], { 53: [2] }],
    ["pads between options", [[0, 0, 53, 1, 2, 0, 12, 1, 65, 255]], { 53: [2], 12: [65] }],
    ["a field without END", [[53, 1, 2]], { 53: [2] }],
    ["an option without a value", [[80, 0, 255]], { 80: [] }],
    [
      "pieces of one option as one value",
      [[6, 1, 1, 12, 1, 65, 6, 2, 2, 3, 255]],
      { 6: [1, 2, 3], 12: [65] },
    ],
    [
      "file and sname only where option 52 says so",
      [
        [53, 1, 2, 255],
        [12, 1, 65, 255],
        [15, 1, 66, 255],
      ],
      { 53: [2] },
    ],
    [
      "file at overload 1",
      [
        [52, 1, 1, 255],
        [12, 1, 65, 255],
        [15, 1, 66, 255],
      ],
      { 52: [1], 12: [65] },
    ],
    [
      "sname at overload 2",
      [
        [52, 1, 2, 255],
        [12, 1, 65, 255],
        [15, 1, 66, 255],
      ],
      { 52: [2], 15: [66] },
    ],
    [
      "file before sname at overload 3",
      [
        [52, 1, 3, 6, 1, 1, 255],
        [6, 1, 2, 255],
        [6, 1, 3],
      ],
      { 52: [3], 6: [1, 2, 3] },
    ],
  ])("reads %s", (_, fields, expected) => {
    expect(decode(...fields)).toEqual(expected);
  });

  test.each<[string, Parameters<typeof decode>]>([
    ["a code without a length", [[53]]],
    ["a length beyond the field", [[53, 2, 1]]],
    [
      "a length beyond the file field",
      [
        [52, 1, 1, 255],
        [12, 9, 65],
      ],
    ],
    ["an overload of 0", [[52, 1, 0]]],
    ["an overload of 4", [[52, 1, 4]]],
    ["an overload of two bytes", [[52, 2, 1, 1]]],
    ["an empty overload", [[52, 0]]],
    ["two overloads", [[52, 1, 1, 52, 1, 1]]],
  ])("refuses %s", (_, fields) => {
    expect(() => decode(...fields)).toThrow(DhcpPacketError);
  });
});

describe("encodeOptions()", () => {
  test("writes options in their order and an END", () => {
    const options = new Map([
      [53, Uint8Array.of(1)],
      [12, Uint8Array.of(65, 66)],
      [80, Uint8Array.of()],
    ]);
    expect([...encodeOptions(options)]).toEqual([53, 1, 1, 12, 2, 65, 66, 80, 0, 255]);
  });

  test("writes a value of more than 255 bytes in pieces", () => {
    const value = new Uint8Array(600).map((_, at) => at);
    const bytes = encodeOptions(new Map([[121, value]]));
    expect(bytes.length).toBe(600 + 3 * 2 + 1);
    const none = new Uint8Array();
    expect(decodeOptions({ options: bytes, file: none, sname: none }).get(121)).toEqual(value);
  });
});
