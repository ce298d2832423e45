import { expect, test } from "bun:test";
import { joinSshValues, parseSshValue } from "../../../../modes/access/ssh-request.ts";

const BASE64 = "AAAAC3NzaC1lZDI1NTE5AAAAIHPvLXyrmfHsZXwFQrd7ByXLWnx0T9OPT2e3Xoc7D4dG";
const KEY = `ssh-ed25519 ${BASE64}`;
/** A blob that names its type and has a few bytes more. */
const blobOf = (type: string, more = 8) =>
  Buffer.concat([Buffer.from([0, 0, 0, type.length]), Buffer.from(type), Buffer.alloc(more)]).toString(
    "base64",
  );

test.each([
  ["as ssh-keygen writes it", `${KEY} me@home`, KEY],
  ["without a comment", KEY, KEY],
  ["whose comment has blanks", `${KEY} my old key`, KEY],
  ["without blanks", BASE64, KEY],
  ["of RSA", `ssh-rsa ${blobOf("ssh-rsa")}`, `ssh-rsa ${blobOf("ssh-rsa")}`],
  [
    "of a token",
    blobOf("sk-ssh-ed25519@openssh.com"),
    `sk-ssh-ed25519@openssh.com ${blobOf("sk-ssh-ed25519@openssh.com")}`,
  ],
])("parseSshValue() takes a key %s", (_name, value, key) => {
  expect(parseSshValue(value)).toEqual({ key });
});

test.each([
  ["another type than it names", `ssh-rsa ${BASE64}`],
  ["options before it", `command="poweroff" ${KEY}`],
  ["a part missing", KEY.slice(0, -1)],
  ["all but its type missing", `ssh-ed25519 ${blobOf("ssh-ed25519", 0)}`],
  ["a type that ssh lacks", blobOf("ssh-dss")],
  ["no key", "secret"],
  ["the private key", "-----BEGIN OPENSSH PRIVATE KEY-----"],
  ["a length beyond its end", "AAAA/w=="],
])("parseSshValue() refuses what has %s", (_name, value) => {
  expect(parseSshValue(value)).toBeUndefined();
});

test.each([
  ["nothing", [], undefined],
  ["a key", [KEY], { keys: [KEY], takesFileAndPassword: false }],
  ["two keys", [KEY, BASE64], { keys: [KEY, KEY], takesFileAndPassword: false }],
  ["the bare option", [""], { keys: [], takesFileAndPassword: true }],
  ["both", ["yes", KEY], { keys: [KEY], takesFileAndPassword: true }],
  ["off at the end", [KEY, "0"], undefined],
  ["a key behind off", ["", "no", KEY], { keys: [KEY], takesFileAndPassword: false }],
])("joinSshValues() of %s", (_name, values, request) => {
  expect(joinSshValues(values.map((value) => parseSshValue(value)!))).toEqual(request);
});
