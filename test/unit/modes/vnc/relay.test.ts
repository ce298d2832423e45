import { afterEach, describe, expect, test } from "bun:test";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { loopbackOf, VncRelay, type VncRelayOptions } from "../../../../modes/vnc/relay.ts";

const VERSION = "RFB 003.008\n";
const REFUSAL = "RFB 003.003\n\0\0\0\0\0\0\0\x04gone";

const toClose: (() => void)[] = [];
afterEach(() => {
  for (const close of toClose.splice(0)) close();
});

/** One end of a connection, and all that it has heard. */
class End {
  readonly socket: Socket;
  text = "";
  isClosed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      this.text += bytes.toString();
    });
    socket.on("close", () => {
      this.isClosed = true;
    });
    toClose.push(() => socket.destroy());
  }

  async hears(text: string): Promise<void> {
    while (this.text.length < text.length) await Bun.sleep(5);
    expect(this.text).toBe(text);
  }

  async closes(): Promise<void> {
    while (!this.isClosed) await Bun.sleep(5);
  }
}

/** The relay before a server that greets as the X server does. */
async function startRelay({
  greeting = VERSION,
  ...options
}: Partial<VncRelayOptions & { greeting: string }> = {}) {
  const visits: End[] = [];
  const server = createServer((socket) => {
    visits.push(new End(socket));
    socket.write(greeting);
    if (greeting !== VERSION) socket.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  toClose.push(() => server.close());
  const { port } = server.address() as { readonly port: number };
  const lines: string[] = [];
  const relay = new VncRelay({
    connect: async (from) => {
      const socket = connect({ host: "127.0.0.1", port, localAddress: from });
      await once(socket, "connect");
      return socket;
    },
    deserted: () => {},
    log: { warn: (line) => lines.push(line) },
    ...options,
  });
  await relay.listen({ port: 0, host: "127.0.0.1" });
  toClose.push(() => relay.close());
  const client = (localAddress = "127.0.0.1") =>
    new End(connect({ host: "127.0.0.1", port: relay.port, localAddress }));
  const visit = async () => {
    while (visits.length === 0) await Bun.sleep(5);
    return visits[0]!;
  };
  return { relay, client, visit, visits, lines };
}

describe("VncRelay", () => {
  test("passes a viewer on, and the X server sees it come from an address of its own", async () => {
    const { client, visit } = await startRelay();
    const viewer = client("127.7.8.9");
    await viewer.hears(VERSION);
    viewer.socket.write(`${VERSION}and more`);
    const server = await visit();
    await server.hears(`${VERSION}and more`);
    expect(server.socket.remoteAddress).toBe("127.7.8.9");
    server.socket.write("a picture");
    await viewer.hears(`${VERSION}a picture`);
    viewer.socket.write(" of it");
    await server.hears(`${VERSION}and more of it`);
  });

  test("a version in pieces is one", async () => {
    const { client, visit } = await startRelay();
    const viewer = client();
    await viewer.hears(VERSION);
    viewer.socket.write("RFB 003");
    await Bun.sleep(30);
    viewer.socket.write(".003\n");
    await (await visit()).hears("RFB 003.003\n");
  });

  test.each([
    ["says nothing and leaves", (socket: Socket) => socket.end()],
    ["resets the connection", (socket: Socket) => socket.resetAndDestroy()],
    ["speaks HTTP", (socket: Socket) => socket.write("GET / HTTP/1.1\r\n\r\n")],
    ["leaves within its version", (socket: Socket) => socket.end("RFB 003")],
    ["stays silent", () => {}],
    ["stays silent after half a version", (socket: Socket) => socket.write("RFB 003")],
  ])("a client that %s never reaches the X server", async (_, act) => {
    const { promise, resolve: deserted } = Promise.withResolvers<void>();
    const { client, relay, visits } = await startRelay({ versionMilliseconds: 150, deserted });
    const stranger = client();
    await stranger.hears(VERSION);
    act(stranger.socket);
    await promise;
    await stranger.closes();
    expect([relay.clients, visits]).toEqual([0, []]);
  });

  test("a refusal of the X server, in version 3.3, is read in version 3.8", async () => {
    const { client } = await startRelay({ greeting: REFUSAL });
    const viewer = client();
    await viewer.hears(VERSION);
    viewer.socket.write(VERSION);
    await viewer.closes();
    expect(viewer.text).toBe(`${VERSION}\0\0\0\0\x04gone`);
  });

  test("a client without a login loses its place, and one with a picture keeps it", async () => {
    const { client, visit, visits } = await startRelay({ loginMilliseconds: 300 });
    const viewer = client();
    await viewer.hears(VERSION);
    viewer.socket.write(VERSION);
    const server = await visit();
    const picture = "x".repeat(5_000);
    server.socket.write(picture);
    await viewer.hears(VERSION + picture);
    const stranger = client();
    await stranger.hears(VERSION);
    stranger.socket.write(VERSION);
    await stranger.closes();
    while (visits[1]?.isClosed !== true) await Bun.sleep(5);
    server.socket.write("more");
    await viewer.hears(`${VERSION}${picture}more`);
  });

  test("either end that leaves ends the other", async () => {
    const { client, visits } = await startRelay();
    for (const index of [0, 1]) {
      const viewer = client();
      await viewer.hears(VERSION);
      viewer.socket.write(VERSION);
      while (visits[index]?.text !== VERSION) await Bun.sleep(5);
      const ends = [viewer, visits[index]];
      ends[index]?.socket.destroy();
      await Promise.all(ends.map((end) => end.closes()));
    }
  });

  test("a client that the X server does not take is said, and let go", async () => {
    const { client, lines } = await startRelay({
      connect: () => Promise.reject(new Error("it is not there")),
    });
    const viewer = client();
    await viewer.hears(VERSION);
    viewer.socket.write(VERSION);
    await viewer.closes();
    expect(lines).toEqual(["Cannot show the desktop to 127.0.0.1: it is not there, hanging up"]);
  });

  test("has 256 places", async () => {
    const { client, relay } = await startRelay();
    const clients = Array.from({ length: 256 }, () => client());
    await Promise.all(clients.map((each) => each.hears(VERSION)));
    const surplus = client();
    await surplus.closes();
    expect([surplus.text, relay.clients]).toEqual(["", 256]);
    clients[0]?.socket.destroy();
    while (relay.clients === 256) await Bun.sleep(5);
    await client().hears(VERSION);
  });
});

test.each([
  ["10.0.0.7", "127.0.0.7"],
  ["192.168.1.77", "127.168.1.77"],
  ["::ffff:10.1.2.3", "127.1.2.3"],
  ["127.0.0.1", "127.0.0.1"],
])("the X server sees %s as %s", (address, own) => {
  expect(loopbackOf(address)).toBe(own);
});
