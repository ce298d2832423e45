import { describe, expect, test } from "bun:test";
import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { ConnectionLimit, isLoopback } from "../../../system/connection-limit.ts";

const from = (remoteAddress: string) => Object.assign(new EventEmitter(), { remoteAddress }) as Socket;

describe("ConnectionLimit", () => {
  test("one address from outside takes a quarter of the places", () => {
    const limit = new ConnectionLimit(16);
    const admitted = Array.from({ length: 20 }, () => limit.admits(from("10.0.0.7"))).filter(Boolean);
    expect(admitted).toHaveLength(4);
    expect(limit.admits(from("10.0.0.8"))).toBe(true);
  });

  test("places taken from outside leave those of this machine free", () => {
    const limit = new ConnectionLimit(16);
    const outside = Array.from({ length: 40 }, (_, index) => limit.admits(from(`10.0.0.${index % 10}`)));
    expect(outside.filter(Boolean)).toHaveLength(16);
    const own = Array.from({ length: 20 }, (_, index) =>
      limit.admits(from(["127.0.0.1", "::1", "::ffff:127.0.0.1"][index % 3] ?? "")),
    );
    expect(own.filter(Boolean)).toHaveLength(16);
  });

  test("a connection that is closed gives its place back, once", () => {
    const limit = new ConnectionLimit(4);
    const first = from("10.0.0.7");
    expect(limit.admits(first)).toBe(true);
    expect(limit.admits(from("10.0.0.7"))).toBe(false);
    first.emit("close");
    first.emit("close");
    expect(limit.admits(from("10.0.0.7"))).toBe(true);
    expect(limit.admits(from("10.0.0.7"))).toBe(false);
  });
});

test.each([
  ["127.0.0.1", true],
  ["::ffff:127.8.9.1", true],
  ["::1", true],
  ["10.127.0.1", false],
  ["::ffff:10.0.0.1", false],
  [undefined, false],
])("isLoopback() of %s", (address, wanted) => {
  expect(isLoopback(address)).toBe(wanted);
});
