/** The other end of a control connection: one question at a time, in a program. */

import type { Socket } from "node:net";
import type { ClusterKey } from "../security/key.ts";
import { createNonce, isNonce } from "../security/mutual-proof.ts";
import type { Reply } from "./control-context.ts";
import { REPLY_ENDS } from "./control-line.ts";
import { ControlProof } from "./control-proof.ts";

/** Characters, more than any cluster needs: some thousand nodes, some hundred characters each. */
const LONGEST_ANSWER = 8_388_608;

/** Characters of a refusal. */
const LONGEST_WORDS = 200;

const IMPOSTOR = "it cannot prove that it has the cluster key";
const TAMPERED = "its answer was changed on the way";

export class ControlClient {
  readonly #socket: Socket;
  readonly #answerMilliseconds: number;
  #received = "";
  #waiting: PromiseWithResolvers<Reply> | undefined;
  #failure: Error | undefined;
  #proof: ControlProof | undefined;

  constructor(socket: Socket, answerMilliseconds: number) {
    this.#socket = socket;
    this.#answerMilliseconds = answerMilliseconds;
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("it hung up")));
    socket.on("data", (bytes: Buffer) => this.#receive(bytes));
  }

  /**
   * Proves the key to the server, and has the server prove it; all later questions and answers are sealed.
   * @throws Error where either proof fails
   */
  async prove(key: ClusterKey): Promise<void> {
    const client = createNonce();
    const server = await this.#ask(`prove ${client}`);
    const nonce = lastLine(server.text);
    if (server.code !== 0) throw new Error(printable(nonce));
    if (!isNonce(nonce)) throw new Error(IMPOSTOR);
    const proof = new ControlProof(key, { client, server: nonce });
    const answer = await this.#ask(`proof ${proof.of("client")}`);
    if (answer.code !== 0) throw new Error(printable(answer.text));
    if (!proof.proves("server", answer.text)) throw new Error(IMPOSTOR);
    this.#proof = proof;
  }

  /** The answer to a line whose answer has one line, as `view`. @throws Error where none comes, or none that is sealed */
  async ask(line: string): Promise<Reply> {
    if (this.#proof === undefined) {
      const { text, code } = await this.#ask(line);
      // The greeting stands before the first answer.
      return { text: lastLine(text), code };
    }
    const reply = this.#proof.openReply(await this.#ask(this.#proof.sealLine(line)));
    if (reply !== undefined) return reply;
    throw this.#fail(new Error(TAMPERED));
  }

  close(): void {
    this.#socket.destroy();
  }

  #ask(line: string): Promise<Reply> {
    if (this.#failure) return Promise.reject(this.#failure);
    this.#waiting = Promise.withResolvers<Reply>();
    const late = new Error(`no answer within ${this.#answerMilliseconds / 1_000} s`);
    const timer = setTimeout(() => this.#fail(late), this.#answerMilliseconds);
    this.#socket.write(`${line}\n`);
    return this.#waiting.promise.finally(() => clearTimeout(timer));
  }

  #receive(bytes: Buffer): void {
    this.#received += bytes.toString("latin1");
    if (this.#received.length > LONGEST_ANSWER) return void this.#fail(new Error("its answer has no end"));
    const reply = readReply(this.#received);
    if (reply === undefined) return;
    this.#received = "";
    // A character of UTF-8 may have come in two pieces.
    this.#waiting?.resolve({ ...reply, text: Buffer.from(reply.text, "latin1").toString("utf8") });
    this.#waiting = undefined;
  }

  #fail(error: Error): Error {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
    this.#socket.destroy();
    return this.#failure;
  }
}

/** The words of a machine that has proved nothing do not move a cursor. */
function printable(text: string): string {
  return text.slice(0, LONGEST_WORDS).replaceAll(/[^ -~]/g, "?");
}

function lastLine(text: string): string {
  return text.split("\n").at(-1) ?? "";
}

/** The reply in the received text, or nothing while its last line has not come. */
export function readReply(received: string): Reply | undefined {
  const lines = received.split("\r\n");
  const code = (REPLY_ENDS as readonly string[]).indexOf(lines.at(-2) ?? "");
  if (code < 0 || lines.at(-1) !== "") return undefined;
  return { text: lines.slice(0, -2).join("\n"), code };
}
