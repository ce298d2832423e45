import { expect, test } from "bun:test";
import { describeFetchFailure } from "../../../system/fetch-failure.ts";

const failure = (message: string, more: object = {}) => Object.assign(new Error(message), more);

test.each([
  ["no whole answer within 30 s", new DOMException("The operation timed out.", "TimeoutError")],
  ["there is no connection (ECONNREFUSED)", failure("Typo in the url?", { code: "ECONNREFUSED" })],
  [
    "there is no connection (ENOTFOUND)",
    failure("getaddrinfo", { code: "ENOTFOUND", syscall: "getaddrinfo" }),
  ],
  ["the file system is full", failure("the file system is full", { code: "ENOSPC", syscall: "write" })],
  ["the server answered 404", failure("the server answered 404")],
])("%s", (sentence, error) => {
  expect(describeFetchFailure(error, 30_000)).toBe(sentence);
});
