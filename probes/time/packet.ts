/** SNTP version 4 over UDP: the request of a client, and the answer of a server (RFC 4330). */

const BYTES = 48;
/** Offsets of the fields (section 4). */
const AT = { stratum: 1, reference: 12, originate: 24, receive: 32, transmit: 40 } as const;
const VERSION = 4;
const MODE = { client: 3, server: 4 } as const;
/** Leap indicator 3: the server's own clock was never set. */
const UNSYNCHRONIZED = 3;
const LARGEST_STRATUM = 15;

/** Seconds from 1900 to 1970. The second era of NTP begins in 2036; the highest bit tells the era (section 3). */
const UNIX_EPOCH = 2_208_988_800;
const ERA = 2 ** 32;

/** "Kiss o' death": the client shall ask this server less often, or never again (section 8). */
export class KissOfDeath extends Error {
  override readonly name = "KissOfDeath";
  readonly code: string;

  constructor(code: string) {
    super(`it refuses to answer (${code})`);
    this.code = code;
  }
}

/** Times of the server's clock, in milliseconds since 1970. */
export interface Answer {
  /** When the request came to the server. */
  readonly received: number;
  /** When the answer left the server. */
  readonly sent: number;
}

/** Encodes a request with 8 random bytes in place of the client's time: only a machine that sees them can answer. */
export function encodeRequest(nonce: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(BYTES);
  bytes[0] = (VERSION << 3) | MODE.client;
  bytes.set(nonce, AT.transmit);
  return bytes;
}

/** Decodes the answer to the request with this nonce. @throws KissOfDeath; RangeError for any other fault (section 5) */
export function decodeAnswer(bytes: Uint8Array, nonce: Uint8Array): Answer {
  if (bytes.length < BYTES)
    throw new RangeError(`it answers ${bytes.length} bytes, and ${BYTES} were wanted`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [flags = 0, stratum = 0] = bytes;
  if ((flags & 7) !== MODE.server)
    throw new RangeError(`it answers in mode ${flags & 7}, and ${MODE.server} was wanted`);
  const originate = bytes.subarray(AT.originate, AT.originate + nonce.length);
  if (Buffer.compare(originate, nonce) !== 0) throw new RangeError("it answers another request");
  const code = decodeCode(bytes.subarray(AT.reference, AT.reference + 4));
  if (stratum === 0 && code !== "") throw new KissOfDeath(code);
  // A server that was never set may answer with stratum 0 too, but without a code.
  if (flags >> 6 === UNSYNCHRONIZED || stratum === 0 || stratum > LARGEST_STRATUM)
    throw new RangeError("its own clock is not set");
  if (view.getUint32(AT.transmit) === 0) throw new RangeError("it tells no time");
  return { received: decodeTime(view, AT.receive), sent: decodeTime(view, AT.transmit) };
}

function decodeTime(view: DataView, at: number): number {
  const seconds = view.getUint32(at);
  const sinceEpoch = seconds + (seconds < ERA / 2 ? ERA : 0) - UNIX_EPOCH;
  return (sinceEpoch + view.getUint32(at + 4) / ERA) * 1_000;
}

/** Up to four letters of any sender: characters that are not printable ASCII become question marks. */
function decodeCode(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString("latin1")
    .replace(/\0+$/, "")
    .replace(/[^ -~]/g, "?");
}
