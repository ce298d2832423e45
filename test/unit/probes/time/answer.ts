/** Answers of a time server, built from what each test wants different. */

export const NONCE = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

export interface TimeAnswer {
  /** Leap indicator, version and mode. */
  readonly flags?: number;
  readonly stratum?: number;
  /** Four letters. */
  readonly reference?: string;
  readonly nonce?: Uint8Array;
  /** Milliseconds since 1970; undefined leaves the field zero. */
  readonly received?: number | undefined;
  readonly sent?: number | undefined;
}

export function answerBytes(given: TimeAnswer = {}): Uint8Array {
  const { flags = 0x24, stratum = 2, reference = "", nonce = NONCE, received = 0 } = given;
  const sent = "sent" in given ? given.sent : 0;
  const bytes = new Uint8Array(48);
  bytes.set([flags, stratum]);
  bytes.set(Buffer.from(reference, "latin1"), 12);
  bytes.set(nonce, 24);
  const view = new DataView(bytes.buffer);
  for (const [at, time] of [
    [32, received],
    [40, sent],
  ] as const) {
    if (time === undefined) continue;
    const seconds = time / 1_000 + 2_208_988_800;
    view.setUint32(at, Math.floor(seconds) % 2 ** 32);
    view.setUint32(at + 4, Math.floor((seconds % 1) * 2 ** 32));
  }
  return bytes;
}
