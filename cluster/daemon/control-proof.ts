/**
 * How two ends of a control connection prove the cluster key to each other, while the key never crosses the network.
 *
 * The client says `prove` and its nonce, and the server answers with its own nonce. The client then says `proof` and an
 * HMAC (RFC 2104, SHA-256) over both nonces, and the server answers with another. The client proves first: a stranger
 * who merely connects gets nothing to try keys on. A session key, made from both nonces, binds what follows: each
 * line and each answer has an HMAC with its number. A third machine that passes the proof on can thus neither add,
 * nor change, nor repeat a line.
 */

import type { ClusterKey } from "../security/key.ts";
import { isEqual, MutualProof, sign } from "../security/mutual-proof.ts";
import type { Reply } from "./control-context.ts";

/** Both nonces of a connection, and the key: either end has one of these from the second nonce on. */
export class ControlProof extends MutualProof {
  readonly #session: Uint8Array;
  /** The number of the line that is underway. */
  #sequence = 0;

  constructor(key: ClusterKey, nonces: { readonly client: string; readonly server: string }) {
    super(key, "clump control port", `${nonces.client} ${nonces.server}`);
    this.#session = this.sessionKey();
  }

  /** The client's next line as it is sent. */
  sealLine(line: string): string {
    this.#sequence++;
    return `${this.#macOfLine(line)} ${line}`;
  }

  /** The line in what the server received, or nothing where it is not the client's next line. */
  openLine(received: string): string | undefined {
    this.#sequence++;
    const [, mac = "", line = ""] = /^(\S*) (.*)$/s.exec(received) ?? [];
    return isEqual(this.#macOfLine(line), mac) ? line : undefined;
  }

  /** The server's answer to the last line as it is sent: its HMAC is the last line of the text. */
  sealReply(reply: Reply): Reply {
    const mac = this.#macOfReply(reply);
    return { text: reply.text === "" ? mac : `${reply.text}\n${mac}`, code: reply.code };
  }

  /** The answer in what the client received, or nothing where the server did not give it to the last line. */
  openReply({ text, code }: Reply): Reply | undefined {
    const lines = text.split("\n");
    const mac = lines.pop() ?? "";
    const reply = { text: lines.join("\n"), code };
    return isEqual(this.#macOfReply(reply), mac) ? reply : undefined;
  }

  #macOfLine(line: string): string {
    return sign(this.#session, `line ${this.#sequence}\n${line}`);
  }

  #macOfReply({ text, code }: Reply): string {
    return sign(this.#session, `reply ${this.#sequence} ${code}\n${text}`);
  }
}
