/** The first message of each side of RFB: its version, the server's first (RFC 6143, section 7.1.1). */

import type { Socket } from "node:net";

export const VERSION = "RFB 003.008\n";
/** TigerVNC answers an address that it blocks in this version: a zero of four bytes, and the reason. */
const REFUSAL_VERSION = "RFB 003.003\n";
/** Zeros of a refusal that version 3.8 does not have. */
const SURPLUS_ZEROS = 3;

/** Resolves with the version that a client sends; `undefined` where the client sends anything else, or leaves. */
export async function readVersion(client: Socket): Promise<string | undefined> {
  const text = (await take(client, VERSION.length))?.toString("latin1") ?? "";
  return /^RFB \d{3}\.\d{3}\n$/.test(text) ? text : undefined;
}

/**
 * Makes the X server take a client of that version, or refuse it: what the server sends from then on is for the client,
 * which has got our version already. @throws Error where the server sends anything else, or leaves
 */
export async function introduce(server: Socket, version: string): Promise<void> {
  const answer = await readVersion(server);
  if (answer === VERSION) server.write(version);
  else if (answer === REFUSAL_VERSION) await take(server, SURPLUS_ZEROS);
  else throw new Error(`the X server answered ${JSON.stringify(answer)}, and version 3.8 of RFB was wanted`);
}

/** Resolves with so many bytes, fewer where the socket ends; `undefined` where it has ended before. */
function take(socket: Socket, count: number): Promise<Buffer | undefined> {
  const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
  const read = () => {
    const bytes = socket.read(count) as Buffer | null;
    if (bytes !== null) resolve(bytes);
  };
  const leave = () => resolve(undefined);
  socket.on("readable", read);
  socket.once("end", leave).once("close", leave);
  read();
  return promise.finally(() => socket.off("readable", read).off("end", leave).off("close", leave));
}
