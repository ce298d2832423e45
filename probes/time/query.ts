/** One question to one time server. */

import { decodeAnswer, encodeRequest } from "./packet.ts";

const NTP_PORT = 123;
/** A server on the same network answers in milliseconds; this leaves room for one that is far away. */
const LIMIT_MILLISECONDS = 5_000;

export interface QueryOptions {
  readonly port?: number;
  readonly limitMilliseconds?: number;
}

/**
 * Resolves to how far our clock is behind that of a server, in milliseconds, negative if our clock is ahead: the mean of
 * the differences on the way there and on the way back (RFC 4330, section 5).
 * @throws KissOfDeath, or Error with a part of a sentence, as "no answer came within 5 s"
 */
export async function queryOffset(
  server: string,
  { port = NTP_PORT, limitMilliseconds = LIMIT_MILLISECONDS }: QueryOptions = {},
): Promise<number> {
  const nonce = crypto.getRandomValues(new Uint8Array(8));
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const timer = setTimeout(
    () => reject(new Error(`no answer came within ${limitMilliseconds / 1_000} s`)),
    limitMilliseconds,
  );
  let asked = Date.now();
  let socket: { close(): void } | undefined;
  try {
    // A connected socket receives packets of this server only, and reports a closed port.
    const connected = await Bun.udpSocket({
      hostname: server.includes(":") ? "::" : "0.0.0.0",
      connect: { hostname: server, port },
      socket: {
        data(_, bytes) {
          try {
            const now = Date.now();
            const { received, sent } = decodeAnswer(bytes, nonce);
            resolve((received - asked + (sent - now)) / 2);
          } catch (error) {
            reject(error);
          }
        },
        // Bun passes the error as the only argument, though its types name the socket first.
        error: (...given: unknown[]) => reject(given.at(-1)),
      },
    });
    socket = connected;
    asked = Date.now();
    connected.send(encodeRequest(nonce));
    return await promise;
  } finally {
    clearTimeout(timer);
    socket?.close();
  }
}
