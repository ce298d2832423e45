import { describe, expect, test } from "bun:test";
import { Doorkeeper, type Lock } from "../../../../modes/web/doorkeeper.ts";

const basic = (text: string) => `Basic ${btoa(text)}`;
const RIGHT = basic("anybody:a:b c");
const WRONG = basic("anybody:wrong");
const keeper = (lock: Lock = { password: "a:b c" }) => new Doorkeeper(() => lock);

describe("Doorkeeper", () => {
  test.each([
    ["the password under any name", RIGHT, "welcome"],
    ["the password under no name", basic(":a:b c"), "welcome"],
    ["a scheme in another case", RIGHT.replace("Basic", "bASIC"), "welcome"],
    ["no header", undefined, "asked"],
    ["a wrong password", WRONG, "wrong"],
    ["the beginning of the password", basic("x:a:b"), "wrong"],
    ["more than the password", basic("x:a:b cd"), "wrong"],
    ["no colon", basic("a"), "wrong"],
    ["another scheme", "Bearer a:b c", "wrong"],
    ["what is not base64", "Basic ???", "wrong"],
    ["an empty header", "", "wrong"],
  ] as const)("with %s: %p", (_, header, verdict) => {
    expect(keeper().judge(header, "10.0.0.1", 0)).toBe(verdict);
  });

  test("lets everybody into an open node, and nobody into one whose password is not known", () => {
    expect(keeper("open").judge(undefined, "10.0.0.1", 0)).toBe("welcome");
    expect(keeper("open").judge(WRONG, "10.0.0.1", 0)).toBe("welcome");
    expect(keeper("unknown").judge(RIGHT, "10.0.0.1", 0)).toBe("closed");
  });

  test("after five guesses an address waits out its minute, and no other does", () => {
    const door = keeper();
    for (let guess = 0; guess < 5; guess++) expect(door.judge(WRONG, "10.0.0.1", guess)).toBe("wrong");
    expect(door.judge(RIGHT, "10.0.0.1", 59_999)).toBe("hasty");
    expect(door.judge(RIGHT, "10.0.0.2", 59_999)).toBe("welcome");
    expect(door.judge(RIGHT, "10.0.0.1", 60_000)).toBe("welcome");
  });

  test("asking without a password is no guess", () => {
    const door = keeper();
    for (let visit = 0; visit < 50; visit++) door.judge(undefined, "10.0.0.1", 0);
    expect(door.judge(RIGHT, "10.0.0.1", 0)).toBe("welcome");
  });

  test("forgets the oldest of 256 guessers, so that many cannot fill the memory", () => {
    const door = keeper();
    const guess = (from: string) => door.judge(WRONG, from, 0);
    for (let count = 0; count < 5; count++) guess("10.0.0.1");
    for (let other = 0; other < 255; other++) guess(`10.1.0.${other}`);
    expect(guess("10.0.0.1")).toBe("hasty");
    guess("10.2.0.1");
    expect(guess("10.0.0.1")).toBe("wrong");
  });
});
