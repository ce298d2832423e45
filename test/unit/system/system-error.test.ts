import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { reason } from "../../../system/log.ts";
import { errnoText, plainMessage } from "../../../system/system-error.ts";

function failure(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

test("reason() says an error of a file in words, without the code and the call of the runtime", () => {
  const absent = failure(() => readFileSync("/absent"));
  expect(reason(absent)).toBe("no such file or directory (/absent)");
  expect(reason(new Error("Cannot read", { cause: absent }))).toBe(
    "Cannot read: no such file or directory (/absent)",
  );
  expect(reason(failure(() => readFileSync("/")))).toBe("is a directory");
});

test("reason() says an error of a connection in words", async () => {
  const { promise, resolve } = Promise.withResolvers<Error>();
  connect("/absent").on("error", resolve);
  expect(reason(await promise)).toMatch(/^no such file or directory/);
});

test.each([
  ["connect ECONNREFUSED 127.0.0.1:1", "connection refused (127.0.0.1:1)"],
  ["listen EADDRNOTAVAIL: address not available 9.9.9.9:22", "cannot assign requested address (9.9.9.9:22)"],
  ["getaddrinfo ENOTFOUND nowhere", "unknown host (nowhere)"],
  ["connect EHOSTUNREACH", "no route to host"],
  ["ENOSPC: no space left on device, write", "no space left on device"],
  ["EXDEV: cross-device link not permitted, rename '/a' -> '/b'", "cross-device link not permitted (/a)"],
  [
    "Cannot mount proc on /proc: EBUSY (device or resource busy)",
    "Cannot mount proc on /proc: EBUSY (device or resource busy)",
  ],
])("plainMessage() of %s", (message, wanted) => {
  expect(plainMessage(message)).toBe(wanted);
});

test("errnoText() has the words and the case of perror(3)", () => {
  expect(errnoText(failure(() => readFileSync("/absent")))).toBe("No such file or directory");
  expect(errnoText(failure(() => readFileSync("/")))).toBe("Is a directory");
  expect(errnoText(new Error("else"))).toBeUndefined();
});
