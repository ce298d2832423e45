import { describe, expect, test } from "bun:test";
import { createControlLine } from "../../../../cluster/daemon/control-line.ts";
import { keyOf } from "../../../../cluster/security/key.ts";
import { TokenBucket } from "../../../../system/token-bucket.ts";

function connect({ isLocal = true, key = undefined as string | undefined, tries = new TokenBucket(5) } = {}) {
  const seen = { said: "", closed: 0, trusted: 0, asked: [] as string[], now: 0 };
  const take = createControlLine({
    isLocal,
    key: key === undefined ? undefined : keyOf(key),
    tries,
    answer: (line) => {
      seen.asked.push(line);
      return { text: line === "bad" ? "no such verb" : "two\nlines", code: line === "bad" ? 1 : 0 };
    },
    send: (text) => {
      seen.said += text;
    },
    trusted: () => {
      seen.trusted++;
    },
    close: () => {
      seen.closed++;
    },
    now: () => seen.now,
  });
  return { seen, type: (text: string) => take(Buffer.from(text, "latin1")) };
}

describe("a control connection", () => {
  test("answers each line, in pieces of any size, and closes each answer with a word", () => {
    const { seen, type } = connect();
    for (const piece of ["sta", "tus\r\nbad\n", "\r\n"]) type(piece);
    expect(seen.asked).toEqual(["status", "bad"]);
    expect(seen.said).toBe("two\r\nlines\r\nok\r\nno such verb\r\nfailed\r\n");
  });

  test("passes over what telnet negotiates", () => {
    const { seen, type } = connect();
    type("\xff\xfd\xffstatus\r\0\r\n");
    expect(seen.asked).toEqual(["status"]);
  });

  test.each(["quit", "exit"])("ends by %s", (word) => {
    const { seen, type } = connect();
    type(`${word}\n`);
    expect([seen.closed, seen.said]).toEqual([1, ""]);
  });

  test("from outside wants the key, and no other", () => {
    const { seen, type } = connect({ isLocal: false, key: "a secret" });
    type("status\nauth a secre\nstatus\n");
    expect(seen.asked).toEqual([]);
    expect(seen.trusted).toBe(0);
    type("auth a secret\nstatus\n");
    expect(seen.asked).toEqual(["status"]);
    expect([seen.closed, seen.trusted]).toEqual([0, 1]);
  });

  test("from outside takes a key in any script, cut anywhere", () => {
    const bytes = Buffer.from("auth schlüssel des kühlraums 鍵\nstatus\n", "utf8").toString("latin1");
    for (let cut = 0; cut < bytes.length; cut++) {
      const { seen, type } = connect({ isLocal: false, key: "schlüssel des kühlraums 鍵" });
      for (const piece of [bytes.slice(0, cut), bytes.slice(cut)]) type(piece);
      expect(seen.asked).toEqual(["status"]);
    }
  });

  test("is closed after three wrong keys", () => {
    const { seen, type } = connect({ isLocal: false, key: "a secret" });
    type("auth 1\nauth 2\n");
    expect(seen.closed).toBe(0);
    type("auth 3\n");
    expect(seen.closed).toBe(1);
  });

  test.each([
    ["the third wrong key", "auth 1\nauth 2\nauth 3\n", "auth a secret\nstatus\n"],
    ["quit", "auth a secret\nquit\n", "status\n"],
    ["a line that is too long", `auth a secret\n${"x".repeat(513)}`, "\nstatus\n"],
  ])("hears nothing more after %s, in the same piece or a later one", (_, until, after) => {
    for (const pieces of [[until + after], [until, after]]) {
      const { seen, type } = connect({ isLocal: false, key: "a secret" });
      for (const piece of pieces) type(piece);
      expect([seen.asked, seen.closed]).toEqual([[], 1]);
    }
  });

  test("from outside may not try keys without end, however often it comes again", () => {
    const tries = new TokenBucket(5);
    const outside = () => connect({ isLocal: false, key: "a secret", tries });
    const [first, second, third] = [outside(), outside(), outside()];
    for (const { type } of [first, second]) type("auth 1\nauth 2\n");
    third.type("auth 3\nauth a secret\nstatus\n");
    expect(third.seen.asked).toEqual([]);
    expect(third.seen.said).toContain("too many were tried");
    third.seen.now = 1_000;
    third.type("auth a secret\nstatus\n");
    expect(third.seen.asked).toEqual(["status"]);
  });

  test("from outside is never trusted where the cluster has no key", () => {
    const { seen, type } = connect({ isLocal: false });
    type("auth \nauth undefined\nstatus\n");
    expect(seen.asked).toEqual([]);
  });

  test("is closed when it floods, with lines or with one that never ends", () => {
    const lines = connect();
    lines.type("x\n".repeat(50));
    expect([lines.seen.closed, lines.seen.asked.length]).toEqual([0, 50]);
    lines.type("x\n");
    expect(lines.seen.closed).toBe(1);
    const long = connect();
    long.type("x".repeat(513));
    expect(long.seen.closed).toBe(1);
  });
});
