import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { serveControlSocket } from "../../../../init/control.ts";
import { writeStatus } from "../../../../system/state/node-status.ts";
import { makeRoot, type Root } from "../../../fixtures/root.ts";
import { fakeMachine } from "../../../lib/fake-kernel.ts";
import { TerminalSession } from "../../../lib/terminal-session.ts";

let root: Root;
let abort: AbortController;
let orders: string[] = [];

beforeEach(() => {
  root = makeRoot();
  abort = new AbortController();
  orders = [];
  writeStatus(root.path, {
    ...{ version: "7", hostname: "pc7", mode: "Expert", problems: [], warnings: [] },
    nics: [{ name: "eth0", mac: "", device: "virtio_net", carrier: true, dhcp: "asking" }],
  });
  serveControlSocket(fakeMachine(root.path), {
    options: { eject: false },
    node: {
      network: { configure: (name, { kind }) => void orders.push(`${name} ${kind}`), makePrimary: () => {} },
      showServing: () => {},
    },
    supervisor: { start: () => {}, stopService: async () => false },
    signal: abort.signal,
  });
});
afterEach(() => {
  abort.abort();
  root[Symbol.dispose]();
});

const start = (type?: string) => new TerminalSession(`${import.meta.dir}/session.ts`, [root.path], type);

describe("runMenu()", () => {
  test("has an order followed, says what came of it, and gives the terminal back", async () => {
    await using session = start();
    await session.sees("What do you want to do?");
    session.terminal.write("1");
    await session.sees("Which network card?");
    session.terminal.write("\r");
    await session.sees("What do you want to do with eth0?");
    session.terminal.write("1");
    await session.sees("eth0 asks for an address");
    expect(orders).toEqual(["eth0 dhcp"]);
    session.terminal.write("\x03");
    expect(await session.process.exited).toBe(0);
    await session.sees("\x1b[?25h");
  });

  test("shows why an order was not followed", async () => {
    await using session = start();
    await session.sees("What do you want to do?");
    session.terminal.write("22");
    await session.sees("That did not work");
    await session.sees("Cannot stop clumpd: it does not run");
  });

  test("ends by SIGTERM and gives the terminal back", async () => {
    await using session = start();
    await session.sees("What do you want to do?");
    session.process.kill("SIGTERM");
    expect(await session.process.exited).toBe(143);
    await session.sees("\x1b[?25h");
  });
});

test("runMenu() refuses a dumb terminal, without a byte that positions the cursor", async () => {
  await using session = start("dumb");
  expect(await session.sees("Cannot show the menu: TERM=dumb was given, and a terminal")).not.toContain(
    "\x1b",
  );
  expect(await session.process.exited).toBe(1);
});
