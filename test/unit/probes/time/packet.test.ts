import { describe, expect, test } from "bun:test";
import { decodeAnswer, encodeRequest, KissOfDeath } from "../../../../probes/time/packet.ts";
import { answerBytes, NONCE } from "./answer.ts";

const AT = Date.UTC(2026, 10, 29, 3, 0, 0);

test("encodeRequest() is 48 bytes of version 4 and client mode, with the nonce and no time", () => {
  const bytes = encodeRequest(NONCE);
  expect([bytes.length, bytes[0]]).toEqual([48, 0x23]);
  expect(bytes.subarray(1, 40).every((byte) => byte === 0)).toBe(true);
  expect([...bytes.subarray(40)]).toEqual([...NONCE]);
});

describe("decodeAnswer()", () => {
  test.each([
    ["of today", AT],
    ["before 2036", Date.UTC(2036, 1, 7, 6, 28, 15)],
    ["of the era from 2036 on", Date.UTC(2036, 1, 7, 6, 28, 17)],
    ["of 2100", Date.UTC(2100, 0, 1)],
  ])("reads times %s", (_, time) => {
    const { received, sent } = decodeAnswer(answerBytes({ received: time, sent: time + 250 }), NONCE);
    expect(received).toBeCloseTo(time, 1);
    expect(sent).toBeCloseTo(time + 250, 1);
  });

  test("reads what a server of version 3 says, and what stands behind the 48 bytes", () => {
    const bytes = Uint8Array.from([...answerBytes({ flags: 0x1c, sent: AT }), ...new Uint8Array(20)]);
    expect(decodeAnswer(bytes, NONCE).sent).toBeCloseTo(AT, 1);
  });

  test.each<[string, Uint8Array, string]>([
    ["47 bytes", answerBytes().subarray(0, 47), "it answers 47 bytes, and 48 were wanted"],
    ["a request", answerBytes({ flags: 0x23 }), "it answers in mode 3, and 4 was wanted"],
    ["a broadcast", answerBytes({ flags: 0x25 }), "it answers in mode 5, and 4 was wanted"],
    [
      "the answer to another request",
      answerBytes({ nonce: NONCE.toReversed() }),
      "it answers another request",
    ],
    ["a server that was never set (LI 3)", answerBytes({ flags: 0xe4 }), "its own clock is not set"],
    ["stratum 16", answerBytes({ stratum: 16 }), "its own clock is not set"],
    ["stratum 0 without a code", answerBytes({ stratum: 0 }), "its own clock is not set"],
    ["no time", answerBytes({ sent: undefined }), "it tells no time"],
  ])("refuses %s", (_, bytes, why) => {
    expect(() => decodeAnswer(bytes, NONCE)).toThrow(new RangeError(why));
  });

  test("names the code of a kiss o' death, made harmless", () => {
    const kiss = (reference: string) => () => decodeAnswer(answerBytes({ stratum: 0, reference }), NONCE);
    expect(kiss("RATE")).toThrow(new KissOfDeath("RATE"));
    expect(kiss("D\x1b[\0")).toThrow("it refuses to answer (D?[)");
  });

  test("takes no kiss o' death that answers another request", () => {
    const bytes = answerBytes({ stratum: 0, reference: "DENY", nonce: NONCE.toReversed() });
    expect(() => decodeAnswer(bytes, NONCE)).toThrow("it answers another request");
  });
});
