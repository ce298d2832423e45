import { describe, expect, test } from "bun:test";
import { ControlLine } from "../../../../cluster/daemon/control-line.ts";
import { ControlProof } from "../../../../cluster/daemon/control-proof.ts";
import { keyOf } from "../../../../cluster/security/key.ts";
import { createNonce } from "../../../../cluster/security/mutual-proof.ts";
import { TokenBucket } from "../../../../system/token-bucket.ts";

function connect({ isLocal = true, key = undefined as string | undefined, tries = new TokenBucket(5) } = {}) {
  const seen = { said: "", closed: 0, trusted: 0, asked: [] as string[], now: 0 };
  const line = new ControlLine({
    isLocal,
    key: key === undefined ? undefined : keyOf(key),
    tries,
    answer: (asked) => {
      seen.asked.push(asked);
      return { text: asked === "bad" ? "no such verb" : "two\nlines", code: asked === "bad" ? 1 : 0 };
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
  return { seen, type: (text: string) => line.receive(Buffer.from(text, "latin1")) };
}

/** Says `prove`, and gives what makes the proof. */
function challenge({ seen, type }: ReturnType<typeof connect>, key = "a secret"): ControlProof {
  const client = createNonce();
  seen.said = "";
  type(`prove ${client}\n`);
  return new ControlProof(keyOf(key), { client, server: seen.said.split("\r\n")[0] ?? "" });
}

/** Proves the key, as a program does. */
function prove(line: ReturnType<typeof connect>, key = "a secret"): ControlProof {
  const proof = challenge(line, key);
  line.type(`proof ${proof.of("client")}\n`);
  return proof;
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

  test("from outside wants the key to be proved, and no other", () => {
    const line = connect({ isLocal: false, key: "a secret" });
    line.type("status\n");
    expect(line.seen.said).toStartWith("Cannot answer: a connection from outside must prove the cluster key");
    prove(line, "a secre");
    expect(line.seen.said).toEndWith("Cannot trust this connection: that is not the key\r\nfailed\r\n");
    line.type("status\n");
    expect([line.seen.asked, line.seen.trusted]).toEqual([[], 0]);
    const proof = prove(line);
    expect(line.seen.said).toEndWith(`${proof.of("server")}\r\nok\r\n`);
    line.seen.said = "";
    line.type(`${proof.sealLine("status ü")}\n`.replace("ü", "\xc3\xbc"));
    expect(line.seen.asked).toEqual(["status ü"]);
    const [text, end] = [line.seen.said.split("\r\n").slice(0, 3).join("\n"), line.seen.said.slice(-4)];
    expect(proof.openReply({ text, code: 0 })).toEqual({ text: "two\nlines", code: 0 });
    expect([end, line.seen.closed, line.seen.trusted]).toEqual(["ok\r\n", 0, 1]);
  });

  test("from outside takes no key in clear text, not even the right one", () => {
    const { seen, type } = connect({ isLocal: false, key: "a secret" });
    type("auth a secret\nstatus\n");
    expect([seen.asked, seen.trusted]).toEqual([[], 0]);
    expect(seen.said).toStartWith(
      "Cannot take the key: it crosses the network in clear text here; use clumpview --host ADDRESS --key FILE, " +
        "or telnet on the node itself\r\nfailed\r\n",
    );
  });

  test("from this machine says whether a key is right, in any script, cut anywhere", () => {
    const bytes = Buffer.from("auth schlüssel des kühlraums 鍵\n", "utf8").toString("latin1");
    for (let cut = 0; cut < bytes.length; cut++) {
      const { seen, type } = connect({ key: "schlüssel des kühlraums 鍵" });
      for (const piece of [bytes.slice(0, cut), bytes.slice(cut)]) type(piece);
      expect(seen.said).toBe("ok\r\n");
    }
    const { seen, type } = connect({ key: "a secret" });
    type("auth another\nstatus\n");
    expect(seen.said).toStartWith("Cannot trust this connection: that is not the key\r\nfailed\r\n");
    expect(seen.asked).toEqual(["status"]);
  });

  test("is of no use to who replays what it has recorded", () => {
    const line = connect({ isLocal: false, key: "a secret" });
    const client = createNonce();
    line.type(`prove ${client}\n`);
    const proof = new ControlProof(keyOf("a secret"), {
      client,
      server: line.seen.said.split("\r\n")[0] ?? "",
    });
    const recorded = [`prove ${client}`, `proof ${proof.of("client")}`, proof.sealLine("status")];
    for (const each of recorded.slice(1)) line.type(`${each}\n`);
    expect(line.seen.asked).toEqual(["status"]);
    const later = connect({ isLocal: false, key: "a secret" });
    for (const each of recorded) later.type(`${each}\n`);
    expect([later.seen.asked, later.seen.trusted]).toEqual([[], 0]);
    // Nor is the line good a second time in its own connection, which ends.
    line.type(`${recorded[2]}\nstatus\n`);
    expect([line.seen.asked, line.seen.closed]).toEqual([["status"], 1]);
  });

  test.each([
    ["a line without a seal", () => "setspeed 1"],
    ["a changed line", (proof: ControlProof) => proof.sealLine("setspeed 1").replace("speed 1", "speed 2")],
  ])("ends at %s, which somebody between both ends has put in", (_, forge) => {
    const line = connect({ isLocal: false, key: "a secret" });
    const proof = prove(line);
    line.type(`${forge(proof)}\n`);
    expect([line.seen.asked, line.seen.closed]).toEqual([[], 1]);
  });

  test("takes one proof for each nonce", () => {
    const line = connect({ isLocal: false, key: "a secret" });
    const proof = challenge(line);
    line.type(`proof 1\nproof ${proof.of("client")}\n`);
    expect(line.seen.said).toEndWith("Cannot use this proof: prove was wanted first\r\nfailed\r\n");
    line.type("prove 1\n");
    expect(line.seen.said).toEndWith(
      "Cannot use this nonce: 32 hexadecimal digits were wanted\r\nfailed\r\n",
    );
    expect(line.seen.trusted).toBe(0);
  });

  test("is closed after three wrong keys", () => {
    const line = connect({ isLocal: false, key: "a secret" });
    for (let turn = 1; turn <= 3; turn++) {
      prove(line, "another");
      expect(line.seen.closed).toBe(turn === 3 ? 1 : 0);
    }
    prove(line);
    expect([line.seen.trusted, line.seen.said]).toEqual([0, ""]);
  });

  test.each([
    ["quit", "quit\n", "status\n"],
    ["a line that is too long", "x".repeat(513), "\nstatus\n"],
  ])("hears nothing more after %s, in the same piece or a later one", (_, until, after) => {
    for (const pieces of [[until + after], [until, after]]) {
      const { seen, type } = connect();
      for (const piece of pieces) type(piece);
      expect([seen.asked, seen.closed]).toEqual([[], 1]);
    }
  });

  test("from outside may not try keys without end, however often it comes again", () => {
    const tries = new TokenBucket(5);
    const outside = () => connect({ isLocal: false, key: "a secret", tries });
    const [first, second, third] = [outside(), outside(), outside()];
    for (const line of [first, first, second, second, third]) prove(line, "another");
    prove(third);
    expect(third.seen.trusted).toBe(0);
    expect(third.seen.said).toContain("too many were tried");
    third.seen.now = 1_000;
    prove(third);
    expect(third.seen.trusted).toBe(1);
  });

  test("from outside is never trusted where the cluster has no key", () => {
    const line = connect({ isLocal: false });
    line.type(`auth \nauth undefined\nprove ${createNonce()}\nproof \nstatus\n`);
    expect(line.seen.asked).toEqual([]);
    expect(line.seen.said).toContain(
      "Cannot answer: from outside the cluster key was wanted, and this cluster has none",
    );
    expect(line.seen.said).toContain(
      "Cannot check a key: this cluster has none, and clump.key= on its nodes was wanted\r\nfailed\r\n",
    );
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
