import { afterEach, describe, expect, test } from "bun:test";
import { once } from "node:events";
import { createServer } from "node:net";
import { Desktop, type DesktopPrograms } from "../../../../modes/vnc/desktop.ts";
import { freePort } from "../../../lib/port.ts";

const NOTHING = ["/bin/true"];
const HOST = "127.0.0.1";

const toStop: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of toStop.splice(0)) await stop();
});

/** A program that listens on a port as the X server does, and says so. */
const fakeServer = (port: number) => [
  process.execPath,
  "-e",
  `require("node:net").createServer((s) => s.end("hello")).listen(${port}, "${HOST}", () => console.log(":0"))`,
];

function createDesktop(port: number, programs: Partial<DesktopPrograms> = {}) {
  const ends: (number | null)[] = [];
  const all = { mount: NOTHING, server: fakeServer(port), session: NOTHING, ...programs };
  const desktop = new Desktop(all, port, (status) => ends.push(status));
  toStop.push(() => desktop.stop());
  return { desktop, ends };
}

describe("Desktop", () => {
  test("viewers that come together start one X server, and both reach it", async () => {
    const { desktop, ends } = createDesktop(freePort());
    expect(desktop.runs).toBe(false);
    const sockets = await Promise.all([desktop.connect("127.0.0.2"), desktop.connect("127.0.0.3")]);
    expect(sockets.map(({ localAddress }) => localAddress)).toEqual(["127.0.0.2", "127.0.0.3"]);
    for (const socket of sockets) expect(String((await once(socket, "data"))[0])).toBe("hello");
    expect(desktop.runs).toBe(true);
    await desktop.stop();
    expect([ends, desktop.runs]).toEqual([[null], false]);
  });

  test("an X server that is there already is taken", async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, HOST);
    await once(server, "listening");
    toStop.push(() => server.close());
    const { port } = server.address() as { readonly port: number };
    const { desktop } = createDesktop(port, { server: ["/bin/false"] });
    (await desktop.connect(HOST)).destroy();
    expect(desktop.runs).toBe(false);
  });

  test.each<[string, Partial<DesktopPrograms>, string, (number | null)[]]>([
    [
      "files that cannot be mounted",
      { mount: ["/bin/sh", "-c", "echo no such archive >&2; exit 1"] },
      "no such archive",
      [],
    ],
    ["an X server that ends", { server: ["/bin/sh", "-c", "exit 3"] }, "ended before it took viewers", [3]],
    [
      "an X server that does not listen",
      { server: ["/bin/sh", "-c", "echo :0; exec sleep 60"] },
      "cannot be reached",
      [null],
    ],
  ])("%s are told", async (_, programs, words, expected) => {
    const { desktop, ends } = createDesktop(freePort(), programs);
    await expect(desktop.connect(HOST)).rejects.toThrow(words);
    await desktop.stop();
    expect(ends).toEqual(expected);
  });
});
