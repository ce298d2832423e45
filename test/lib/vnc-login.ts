/** A VNC viewer without a screen: it logs in with a password (RFC 6143, sections 7.1 and 7.2.2), and leaves. */

import { createCipheriv } from "node:crypto";
import { connect, type Socket } from "node:net";
import { vncKey } from "../../modes/vnc/vnc-password.ts";

const VERSION_BYTES = 12;
const CHALLENGE_BYTES = 16;
const VNC_AUTH = 2;

export interface Login {
  readonly port: number;
  /** Address of the loopback from which the viewer comes. */
  readonly from?: string;
  readonly password: string;
}

/** Resolves with "in", or with the reason why the server lets nobody in. @throws Error where the server hangs up */
export async function logIn({ port, from = "127.0.0.1", password }: Login): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port, localAddress: from });
  const server = new Reader(socket);
  try {
    socket.write(await server.take(VERSION_BYTES));
    const [count = 0] = await server.take(1);
    if (count === 0) return await server.text();
    await server.take(count);
    socket.write(Buffer.of(VNC_AUTH));
    const challenge = await server.take(CHALLENGE_BYTES);
    const cipher = createCipheriv("des-ecb", vncKey(password), null).setAutoPadding(false);
    socket.write(cipher.update(challenge));
    const result = (await server.take(4)).readUInt32BE();
    return result === 0 ? "in" : await server.text();
  } finally {
    socket.destroy();
  }
}

/** Connects as a health check does: to leave once the server greets. @throws Error where the server hangs up */
export async function checkHealth({ port, from = "127.0.0.1" }: Omit<Login, "password">): Promise<void> {
  const socket = connect({ host: "127.0.0.1", port, localAddress: from });
  await new Reader(socket).take(VERSION_BYTES).finally(() => socket.destroy());
}

/** What a server says, piece by piece. */
class Reader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#chunks = socket.iterator({ destroyOnReturn: false });
  }

  async take(count: number): Promise<Buffer> {
    while (this.#rest.length < count) {
      const { value, done } = await this.#chunks.next();
      if (done)
        throw new Error(`Cannot log in: the server hung up after ${JSON.stringify(this.#rest.toString())}`);
      this.#rest = Buffer.concat([this.#rest, value]);
    }
    const taken = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(count);
    return taken;
  }

  /** A text behind its length. */
  async text(): Promise<string> {
    return (await this.take((await this.take(4)).readUInt32BE())).toString();
  }
}
