import { describe, expect, test } from "bun:test";
import { ControlProof } from "../../../../cluster/daemon/control-proof.ts";
import { keyOf } from "../../../../cluster/security/key.ts";
import { createNonce, isNonce } from "../../../../cluster/security/mutual-proof.ts";

const KEY = keyOf("a secret");
const REPLY = { text: "one\ntwo", code: 0 };

/** Both ends of one connection. */
function ends({ key = KEY, nonces = { client: createNonce(), server: createNonce() } } = {}) {
  return { nonces, client: new ControlProof(key, nonces), server: new ControlProof(key, nonces) };
}

describe("ControlProof", () => {
  test("each end proves the key to the other", () => {
    const { client, server } = ends();
    expect(server.proves("client", client.of("client"))).toBe(true);
    expect(client.proves("server", server.of("server"))).toBe(true);
  });

  test("no proof is good without the key, for other nonces, or from the other end", () => {
    const { client, server, nonces } = ends();
    for (const other of [
      ends({ key: keyOf("another"), nonces }),
      ends({ nonces: { ...nonces, client: createNonce() } }),
      ends({ nonces: { ...nonces, server: createNonce() } }),
    ])
      expect(server.proves("client", other.client.of("client"))).toBe(false);
    // An attacker has nothing but what it heard.
    for (const heard of [client.of("client"), nonces.client, nonces.server, "", "0".repeat(64)])
      expect(client.proves("server", heard)).toBe(false);
  });

  test("lines and answers pass sealed, in their order", () => {
    const { client, server } = ends();
    for (const line of ["view", "", "whois ü"]) {
      expect(server.openLine(client.sealLine(line))).toBe(line);
      expect(client.openReply(server.sealReply(REPLY))).toEqual(REPLY);
      expect(client.openReply(server.sealReply({ text: "", code: 1 }))).toEqual({ text: "", code: 1 });
    }
  });

  test("a line is good once, unchanged, and in this connection alone", () => {
    const { client, server } = ends();
    const line = client.sealLine("view");
    const cases: (readonly [ControlProof, string])[] = [
      [ends().server, line],
      [ends({ key: keyOf("another") }).server, line],
      [ends().server, "view"],
      [ends().server, line.replace("view", "stay")],
    ];
    for (const [end, text] of cases) expect(end.openLine(text)).toBeUndefined();
    expect(server.openLine(line)).toBe("view");
    expect(server.openLine(line)).toBeUndefined();
  });

  test("an answer is good for its own line alone, and unchanged", () => {
    const { client, server } = ends();
    server.openLine(client.sealLine("view"));
    const reply = server.sealReply(REPLY);
    expect(client.openReply({ ...reply, code: 1 })).toBeUndefined();
    expect(client.openReply({ ...reply, text: reply.text.replace("one", "three") })).toBeUndefined();
    expect(client.openReply(REPLY)).toBeUndefined();
    expect(client.openReply(reply)).toEqual(REPLY);
    client.sealLine("view");
    expect(client.openReply(reply)).toBeUndefined();
  });

  test("nonces are 32 hexadecimal digits, and never the same", () => {
    const nonces = Array.from({ length: 100 }, createNonce);
    expect(nonces.every(isNonce)).toBe(true);
    expect(new Set(nonces).size).toBe(100);
  });
});
