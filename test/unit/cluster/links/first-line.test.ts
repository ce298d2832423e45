import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { connect, createServer, type Server, type Socket } from "node:net";
import { jobOfLink, putBack, splice, takeLine } from "../../../../cluster/links/first-line.ts";
import { Meetings } from "../../../../cluster/links/meeting.ts";

let server: Server;
let port = 0;
const accepted: Socket[] = [];
const opened: Socket[] = [];
let news = Promise.withResolvers<Socket>();

beforeEach(async () => {
  server = createServer((socket) => {
    socket.on("error", () => {});
    accepted.push(socket);
    news.resolve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  port = (server.address() as { readonly port: number }).port;
});
afterEach(() => {
  for (const socket of [...accepted.splice(0), ...opened.splice(0)]) socket.destroy();
  server.close();
});

/** Both ends of a connection. */
async function pair(): Promise<{ readonly near: Socket; readonly far: Socket }> {
  news = Promise.withResolvers();
  const far = connect(port, "127.0.0.1");
  far.on("error", () => {});
  opened.push(far);
  return { far, near: await news.promise };
}

function collect(socket: Socket): { text: string } {
  const seen = { text: "" };
  socket.on("data", (data: Buffer) => {
    seen.text += data.toString();
  });
  return seen;
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !holds(); tries++) await Bun.sleep(10);
  expect(holds()).toBe(true);
}

describe("takeLine()", () => {
  test("takes the first line in pieces, and leaves what follows", async () => {
    const { near, far } = await pair();
    far.write("li");
    setTimeout(() => far.write("nk 7\nframes"), 20);
    expect(await takeLine(near, 1_000)).toBe("link 7");
    const seen = collect(near);
    near.resume();
    far.write(" and more");
    await until(() => seen.text === "frames and more");
  });

  test("a line that was put back is read again", async () => {
    const { near, far } = await pair();
    far.write("one\ntwo\n");
    putBack(near, await takeLine(near, 1_000));
    expect(await takeLine(near, 1_000)).toBe("one");
    expect(await takeLine(near, 1_000)).toBe("two");
  });

  test.each<[string, (far: Socket) => void, RegExp]>([
    ["that says nothing", () => {}, /said nothing within 0.1 s/],
    ["that hangs up", (far) => far.end("half"), /hung up/],
    ["whose line has no end", (far) => far.write("x".repeat(20_000)), /at most 16384 bytes was wanted/],
  ])("refuses a connection %s", async (_, act, message) => {
    const { near, far } = await pair();
    act(far);
    expect(takeLine(near, 100)).rejects.toThrow(message);
    await Bun.sleep(150);
  });
});

test("splice() passes on both ways, and ends both with either", async () => {
  const [one, other] = [await pair(), await pair()];
  splice(one.near, other.near);
  const [atOne, atOther] = [collect(one.far), collect(other.far)];
  const big = "x".repeat(1_000_000);
  one.far.write(big);
  other.far.write("back");
  await until(() => atOther.text.length === big.length && atOne.text === "back");
  one.far.destroy();
  await until(() => other.far.destroyed || other.far.readableEnded);
});

test.each([
  ["clump-link 1 42.abc 0", "42.abc"],
  ["clump-link 2 42.abc 0", undefined],
  ["clump-link 1 ../x 0", undefined],
  ["clump-link 1 42.abc -1", undefined],
  ["", undefined],
])("jobOfLink(%j) is %p", (line, job) => {
  expect(jobOfLink(line)).toBe(job);
});

describe("a meeting", () => {
  test("is whole when both sides have come, in either order, and apart when one has gone", async () => {
    let now = 0;
    const meetings = new Meetings(() => now);
    const [home, supervisor] = [await pair(), await pair()];
    meetings.arrive("j", "home", home.near);
    now = 500;
    expect(meetings.apartFor("j")).toBe(500);
    meetings.arrive("j", "supervisor", supervisor.near);
    expect(meetings.apartFor("j")).toBe(0);
    const seen = collect(home.far);
    supervisor.far.write("frame");
    await until(() => seen.text === "frame");
    supervisor.far.destroy();
    await until(() => home.far.destroyed || home.far.readableEnded);
    now = 700;
    expect(meetings.apartFor("j")).toBe(200);
  });

  test("takes a new connection of one side for the end of the whole link", async () => {
    const meetings = new Meetings();
    const [home, supervisor, again] = [await pair(), await pair(), await pair()];
    meetings.arrive("j", "home", home.near);
    meetings.arrive("j", "supervisor", supervisor.near);
    meetings.arrive("j", "home", again.near);
    await until(() => home.near.destroyed && supervisor.near.destroyed);
    expect(again.near.destroyed).toBe(false);
    const late = await pair();
    meetings.arrive("j", "supervisor", late.near);
    const seen = collect(again.far);
    late.far.write("frame");
    await until(() => seen.text === "frame");
  });
});
