/** The archive of rare drivers in the initramfs that a boot server has: the last file of it, but for a few bytes. */

import { describeFetchFailure } from "../../system/fetch-failure.ts";
import { BYTES_BEHIND } from "./rare-drivers-files.ts";

export type Fetch = (url: URL, init: RequestInit) => Promise<Response>;

export interface PackedCopy {
  /** Of the initramfs. */
  readonly url: URL;
  readonly fetch: Fetch;
  /** Of the archive. */
  readonly bytes: number;
  readonly limitMilliseconds: number;
}

/**
 * The first `most` bytes of the archive, as they come. Only a server that answers with that part of the file is asked for
 * the rest of it: the whole initramfs would cost the network eight times as much. @throws Error
 */
export async function* readPackedCopy(copy: PackedCopy, most = copy.bytes): AsyncGenerator<Uint8Array> {
  const { url, fetch, bytes, limitMilliseconds } = copy;
  try {
    const headers = { Range: `bytes=-${bytes + BYTES_BEHIND}`, "Accept-Encoding": "identity" };
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(limitMilliseconds) });
    if (response.status !== 206 || response.body === null) {
      await response.body?.cancel();
      throw new Error(`the server answered ${response.status}, and a part of the file (206) was wanted`);
    }
    let rest = most;
    for await (const piece of response.body) {
      yield piece.subarray(0, rest);
      rest -= Math.min(rest, piece.length);
      // Leaving the loop ends the transfer.
      if (rest === 0) return;
    }
  } catch (error) {
    throw new Error(`${url}: ${describeFetchFailure(error, limitMilliseconds)}`);
  }
}
