import { describe, expect, test } from "bun:test";
import { formatOrder, type GuestOrder, parseOrder, readHome } from "../../../../cluster/migration/order.ts";

const ORDER: GuestOrder = {
  ...{
    job: "4711.a1b2",
    pid: 4711,
    parent: 4700,
    group: 4711,
    session: 4700,
    name: "work",
    hostname: "node1",
    image: "0123abcd",
  },
  relays: [{ fd: 1, mode: "w", key: "pipe:[77]" }],
};

describe("parseOrder()", () => {
  test.each<GuestOrder>([ORDER, { ...ORDER, terminal: 0, relays: [] }])(
    "reads what formatOrder() wrote: %j",
    (order) => {
      expect(parseOrder(formatOrder(order))).toEqual(order);
    },
  );

  test.each<[string, string]>([
    ["no JSON", "clump"],
    ["null", "null"],
    ["process 1", formatOrder({ ...ORDER, pid: 1 })],
    ["a broken number", formatOrder({ ...ORDER, session: 1.5 })],
    ["a name that is a path", formatOrder({ ...ORDER, job: "../x" })],
    ["an image that is a path", formatOrder({ ...ORDER, image: "../x" })],
    ["a home that is no address", formatOrder({ ...ORDER, home: "x" })],
    ["a history without moves", formatOrder({ ...ORDER, history: { used: 1, moves: 0 } })],
    ["a history that is none", formatOrder({ ...ORDER, history: 7 as never })],
    ["a link that is none", formatOrder({ ...ORDER, resumption: ["socket=/x"] })],
    ["a host with a line break", formatOrder({ ...ORDER, hostname: "a\nb" })],
    ["a descriptor that is none", formatOrder({ ...ORDER, relays: [{ fd: 256, mode: "w", key: "x" }] })],
    ["a key with a line break", formatOrder({ ...ORDER, relays: [{ fd: 1, mode: "w", key: "a\nb" }] })],
    ["a mode that is none", JSON.stringify({ ...ORDER, relays: [{ fd: 1, mode: "x", key: "a" }] })],
    ["too many descriptors", formatOrder({ ...ORDER, relays: Array(65).fill(ORDER.relays[0]) })],
    ["a terminal that is none", JSON.stringify({ ...ORDER, terminal: "tty" })],
  ])("refuses %s", (_, line) => {
    expect(() => parseOrder(line)).toThrow(/^Cannot take a guest: /);
  });
});

test.each([
  [formatOrder({ ...ORDER, home: "10.0.0.1" }), "10.0.0.1"],
  [formatOrder(ORDER), undefined],
  ["{", undefined],
])("readHome(%j) is %p", (line, home) => {
  expect(readHome(line)).toBe(home);
});
