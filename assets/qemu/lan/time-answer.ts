/** The answer of a time server (RFC 4330), written apart from the node's own client so that neither hides the other's faults. */

export const NTP_PORT = 123;

const BYTES = 48;
/** Server mode, version 4, stratum 1. */
const HEAD = Buffer.from([0x24, 1]);
const SECONDS_FROM_1900_TO_1970 = 2_208_988_800;

/** Answers a request at `now`, in milliseconds since 1970 and before 2036. */
export function answerTime(question: Buffer, now: number): Buffer {
  const answer = Buffer.alloc(BYTES);
  answer.set(HEAD);
  answer.set(question.subarray(40, 48), 24);
  for (const at of [32, 40]) {
    answer.writeUInt32BE(Math.floor(now / 1_000) + SECONDS_FROM_1900_TO_1970, at);
    answer.writeUInt32BE(Math.floor(((now % 1_000) / 1_000) * 2 ** 32), at + 4);
  }
  return answer;
}
