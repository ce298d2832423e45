import { expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import { keyOf } from "../../../../cluster/security/key.ts";
import { deriveBytes, privateKeyOf, publicKeyOf, toPublicKey } from "../../../../cluster/tunnel/keys.ts";

const KEY = keyOf("a secret");
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

test.each([
  // RFC 7748, section 6.1: Alice and Bob.
  [
    "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
    "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
  ],
  [
    "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
    "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
  ],
])("the public key of %s is that of RFC 7748", (privateKey, publicKey) => {
  expect(hex(toPublicKey(Uint8Array.fromHex(privateKey)))).toBe(publicKey);
});

test("bytes are derived as RFC 5869 has it: extract, then expand", () => {
  const hmac = (key: Uint8Array | string, text: Uint8Array) =>
    createHmac("sha256", key).update(text).digest();
  const extracted = hmac("clump tunnel 1", KEY);
  const first = hmac(extracted, Buffer.from("network\x01"));
  const second = hmac(extracted, Buffer.concat([first, Buffer.from("network\x02")]));
  expect(hex(deriveBytes(KEY, "network", 40))).toBe(hex(Buffer.concat([first, second]).subarray(0, 40)));
});

test("keys differ by cluster and by address, and every node computes the same public key", () => {
  const one = hex(privateKeyOf(KEY, "10.0.0.1"));
  expect(hex(privateKeyOf(KEY, "10.0.0.2"))).not.toBe(one);
  expect(hex(privateKeyOf(keyOf("another"), "10.0.0.1"))).not.toBe(one);
  expect(hex(publicKeyOf(KEY, "10.0.0.1"))).toBe(hex(toPublicKey(privateKeyOf(KEY, "10.0.0.1"))));
});
