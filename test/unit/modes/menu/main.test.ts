import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { serveControlSocket } from "../../../../init/control.ts";
import { PLAIN_SERVE } from "../../../../modes/serve/serve-request.ts";
import { writeStatus } from "../../../../system/state/node-status.ts";
import { makeRoot, type Root } from "../../../fixtures/root.ts";
import { fakeMachine } from "../../../lib/fake-kernel.ts";

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
    network: { configure: (name, { kind }) => void orders.push(`${name} ${kind}`), makePrimary: () => {} },
    supervisor: { start: () => {}, stopService: async () => false },
    ...{ ejects: false, serve: PLAIN_SERVE, serves: () => {} },
    signal: abort.signal,
  });
});
afterEach(() => {
  abort.abort();
  root[Symbol.dispose]();
});

/** The menu on a pseudo-terminal of its own. */
class Session implements AsyncDisposable {
  #output = "";
  #arrived = Promise.withResolvers<void>();
  readonly terminal = new Bun.Terminal({
    cols: 80,
    rows: 25,
    data: (_, bytes) => {
      this.#output += Buffer.from(bytes).toString();
      this.#arrived.resolve();
      this.#arrived = Promise.withResolvers();
    },
  });
  readonly process = Bun.spawn([process.execPath, `${import.meta.dir}/session.ts`, root.path], {
    terminal: this.terminal,
  });

  /** Waits until the terminal was sent these words, after what was seen before. */
  async sees(words: string): Promise<void> {
    while (!this.#output.includes(words)) await this.#arrived.promise;
    this.#output = this.#output.slice(this.#output.indexOf(words) + words.length);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill("SIGKILL");
    await this.process.exited;
    this.terminal.close();
  }
}

describe("runMenu()", () => {
  test("has an order followed, says what came of it, and gives the terminal back", async () => {
    await using session = new Session();
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
    await using session = new Session();
    await session.sees("What do you want to do?");
    session.terminal.write("22");
    await session.sees("That did not work");
    await session.sees("Cannot stop clumpd: it does not run");
  });

  test("ends by SIGTERM and gives the terminal back", async () => {
    await using session = new Session();
    await session.sees("What do you want to do?");
    session.process.kill("SIGTERM");
    expect(await session.process.exited).toBe(143);
    await session.sees("\x1b[?25h");
  });
});
