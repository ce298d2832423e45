import { describe, expect, test } from "bun:test";
import { BasicAuth, type Lock } from "../../../../modes/web/basic-auth.ts";

const basic = (text: string) => `Basic ${btoa(text)}`;
const RIGHT = basic("anybody:a:b c");
const WRONG = basic("anybody:wrong");
const authOf = (lock: Lock = { password: "a:b c" }) => new BasicAuth(() => lock);

describe("BasicAuth", () => {
  test.each([
    ["the password under any name", RIGHT, "granted"],
    ["the password under no name", basic(":a:b c"), "granted"],
    ["a scheme in another case", RIGHT.replace("Basic", "bASIC"), "granted"],
    ["no header", undefined, "challenged"],
    ["a wrong password", WRONG, "denied"],
    ["the beginning of the password", basic("x:a:b"), "denied"],
    ["more than the password", basic("x:a:b cd"), "denied"],
    ["no colon", basic("a"), "denied"],
    ["another scheme", "Bearer a:b c", "denied"],
    ["what is not base64", "Basic ???", "denied"],
    ["an empty header", "", "denied"],
  ] as const)("with %s: %p", (_, header, verdict) => {
    expect(authOf().check(header, "10.0.0.1", 0)).toBe(verdict);
  });

  test("lets everybody into an open node, and nobody into one whose password is not known", () => {
    expect(authOf("open").check(undefined, "10.0.0.1", 0)).toBe("granted");
    expect(authOf("open").check(WRONG, "10.0.0.1", 0)).toBe("granted");
    expect(authOf("unknown").check(RIGHT, "10.0.0.1", 0)).toBe("unavailable");
  });

  test("after five guesses an address waits out its minute, and no other does", () => {
    const auth = authOf();
    for (let guess = 0; guess < 5; guess++) expect(auth.check(WRONG, "10.0.0.1", guess)).toBe("denied");
    expect(auth.check(RIGHT, "10.0.0.1", 59_999)).toBe("limited");
    expect(auth.check(RIGHT, "10.0.0.2", 59_999)).toBe("granted");
    expect(auth.check(RIGHT, "10.0.0.1", 60_000)).toBe("granted");
  });

  test("asking without a password is no guess", () => {
    const auth = authOf();
    for (let visit = 0; visit < 50; visit++) auth.check(undefined, "10.0.0.1", 0);
    expect(auth.check(RIGHT, "10.0.0.1", 0)).toBe("granted");
  });

  test("forgets the oldest of 256 guessers, so that many cannot fill the memory", () => {
    const auth = authOf();
    const guess = (from: string) => auth.check(WRONG, from, 0);
    for (let count = 0; count < 5; count++) guess("10.0.0.1");
    for (let other = 0; other < 255; other++) guess(`10.1.0.${other}`);
    expect(guess("10.0.0.1")).toBe("limited");
    guess("10.2.0.1");
    expect(guess("10.0.0.1")).toBe("denied");
  });
});
