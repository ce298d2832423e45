/** The relay before the X server that the image has, without a virtual machine: who is let in, and who is locked out. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Desktop } from "../../modes/vnc/desktop.ts";
import { VncRelay } from "../../modes/vnc/relay.ts";
import { encodeVncPassword } from "../../modes/vnc/vnc-password.ts";
import { xServerCommand } from "../../modes/vnc/x-server.ts";
import { freePort } from "../lib/port.ts";
import { checkHealth, logIn } from "../lib/vnc-login.ts";

const PASSWORD = "secret12";
const LOCKED = "Too many security failures";

const folder = mkdtempSync(join(tmpdir(), "clump-vnc-"));
const ends: (number | null)[] = [];
let desktop: Desktop;
let relay: VncRelay;

beforeAll(async () => {
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, encodeVncPassword(PASSWORD));
  const port = freePort();
  // No other X server of this machine has the number of a free port.
  const place = { display: `:${port}`, port, title: "a node" };
  const command = xServerCommand({ passwordFile, viewOnly: false }, place);
  const server = ["/bin/sh", "-c", 'exec "$0" "$@" 2>/dev/null', ...command];
  const programs = { mount: ["/bin/true"], server, session: ["/bin/true"] };
  desktop = new Desktop(programs, port, (status) => ends.push(status));
  relay = new VncRelay({
    connect: (from) => desktop.connect(from),
    deserted: () => {},
    log: { warn: console.warn },
  });
  await relay.listen({ port: 0, host: "127.0.0.1" });
});

afterAll(async () => {
  relay.close();
  await desktop.stop();
  rmSync(folder, { recursive: true });
});

const enter = (from: string, password = PASSWORD) => logIn({ port: relay.port, from, password });

const check = (from: string) => checkHealth({ port: relay.port, from });

describe("VNC", () => {
  test("connections that say nothing start no desktop, and lock nobody out", async () => {
    for (let turn = 0; turn < 20; turn++) await check("127.1.1.1");
    expect(desktop.runs).toBe(false);
    expect(await enter("127.1.1.1")).toBe("in");
    for (let turn = 0; turn < 20; turn++) await check("127.1.1.1");
    expect(await enter("127.1.1.1")).toBe("in");
  });

  test("ten wrong passwords lock out the address that they come from, and no other", async () => {
    const answers: string[] = [];
    for (let turn = 0; turn < 10; turn++) answers.push(await enter("127.2.2.2", "secret13"));
    expect(answers.slice(0, 5)).toEqual(Array(5).fill("Authentication failure"));
    expect(answers.slice(5)).toEqual(Array(5).fill(LOCKED));
    expect(await enter("127.2.2.2")).toBe(LOCKED);
    expect(await enter("127.2.2.3")).toBe("in");
    expect(await enter("127.1.1.1")).toBe("in");
  });

  test("a desktop that has ended is started again for the next viewer", async () => {
    await desktop.stop();
    expect([ends, desktop.runs]).toEqual([[0], false]);
    expect(await enter("127.2.2.2")).toBe("in");
  });
});
