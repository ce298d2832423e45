/** The first line of a connection says what the connection is for. */

import type { Socket } from "node:net";

const MOST_BYTES = 16_384;
const LINE_MILLISECONDS = 5_000;

/**
 * Reads up to the first newline; the socket is paused then, and what follows the line is read next.
 * @throws Error where the connection ends before, or the line does not come in time (default 5 s) or in 16 KiB
 */
export function takeLine(socket: Socket, milliseconds = LINE_MILLISECONDS): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const pieces: Buffer[] = [];
  const late = new Error(`Cannot take a connection: it said nothing within ${milliseconds / 1_000} s`);
  const timer = setTimeout(() => end(() => reject(late)), milliseconds);
  const lost = () => end(() => reject(new Error("Cannot take a connection: the other end has hung up")));

  function end(settle: () => void) {
    clearTimeout(timer);
    socket.off("data", take);
    socket.off("close", lost);
    socket.off("end", lost);
    settle();
  }

  function take(piece: Buffer) {
    pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    const newline = bytes.indexOf(10);
    if (newline < 0 && bytes.length <= MOST_BYTES) return;
    socket.pause();
    end(() => {
      if (newline + 1 < bytes.length) socket.unshift(bytes.subarray(newline + 1));
      if (newline >= 0) resolve(bytes.toString("utf8", 0, newline));
      else
        reject(new RangeError(`Cannot take a connection: a line of at most ${MOST_BYTES} bytes was wanted`));
    });
  }

  socket.on("data", take);
  socket.on("close", lost);
  socket.on("end", lost);
  socket.resume();
  return promise;
}

/** Gives `take` the first line of a connection, and ends the connection where the line does not come or `take` fails. */
export async function takeByLine(
  socket: Socket,
  take: (line: string, socket: Socket) => Promise<void> | void,
): Promise<void> {
  socket.on("error", () => {});
  try {
    await take(await takeLine(socket), socket);
  } catch {
    socket.destroy();
  }
}

/** Passes on each byte both ways, at the speed of the slower end; ends both with either. */
export function splice(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on("close", () => to.destroy());
    from.on("end", () => to.destroy());
    from.pipe(to);
  }
}

/** Has that line read again, before what follows it. */
export function putBack(socket: Socket, line: string): void {
  socket.unshift(Buffer.from(`${line}\n`));
}

const LINK = /^clump-link 1 ([\w.]{1,90}) \d{1,10}(?: \d{1,4})?$/;

/** The job of a link whose first line that is, as link.h has it; `undefined` for another line. */
export function jobOfLink(line: string): string | undefined {
  return LINK.exec(line)?.[1];
}
