import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { freePort } from "../lib/port.ts";
import { makeReport } from "../unit/cluster/moves.ts";
import { PASSWORD, startClumpweb } from "./clumpweb.ts";
import { checkMetrics, fetchPromtool } from "./promtool.ts";
import { recordedCluster, recordedNode, recordNode, STATUS } from "./recorded.ts";

const ACCESS = { password: PASSWORD, isMade: false };
const BASIC = `Authorization: Basic ${btoa(`clump:${PASSWORD}`)}\r\n`;

/** What comes back for bytes that no library would send, until the other side hangs up. */
async function say(port: number, text: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let heard = "";
  const socket = connect(port, "127.0.0.1", () => socket.write(text));
  socket.on("data", (bytes) => {
    heard += bytes;
  });
  socket.on("close", () => resolve(heard));
  socket.on("error", () => resolve(heard));
  return await promise;
}

test.concurrent("every path wants the password; five wrong ones close the door for an address", async () => {
  using node = recordNode(ACCESS);
  node.status(STATUS);
  await using web = await startClumpweb(node.root);
  for (const path of ["/", "/page.js", "/text", "/metrics", "/events", "/api/cluster", "/nowhere"]) {
    const refused = await web.get(path, { password: null });
    expect([path, refused.status]).toEqual([path, 401]);
    expect(refused.headers.get("WWW-Authenticate")).toStartWith("Basic ");
    expect(await refused.text()).not.toContain(STATUS.hostname);
  }
  expect((await web.get("/text")).status).toBe(200);
  for (let guess = 0; guess < 5; guess++)
    expect((await web.get("/", { password: `${guess}` })).status).toBe(401);
  const late = await web.get("/");
  expect([late.status, late.headers.get("Retry-After")]).toEqual([429, "60"]);
});

test.concurrent("clumpweb reports that it is ready once it listens", async () => {
  using node = recordNode({ isMade: false });
  const [file, port] = [`${node.root}/ready`, freePort()];
  const words = `clumpweb --root ${node.root} --address 127.0.0.1 --port ${port} --ready-fd 3`;
  const child = Bun.spawn(["sh", "-c", `exec ${process.execPath} init/main.ts ${words} 3>${file}`], {
    stdio: ["ignore", "ignore", "ignore"],
  });
  while (!existsSync(file) || readFileSync(file, "utf8") === "") await Bun.sleep(5);
  expect(readFileSync(file, "utf8")).toBe("\n");
  expect((await fetch(`http://127.0.0.1:${port}/text`)).status).toBe(200);
  child.kill("SIGTERM");
  expect(await child.exited).toBe(0);
});

test.concurrent("without a password file nobody comes in, with none everybody", async () => {
  using closed = recordNode(undefined);
  await using shut = await startClumpweb(closed.root);
  expect((await shut.get("/")).status).toBe(503);
  using open = recordNode({ isMade: false });
  open.status(STATUS);
  await using web = await startClumpweb(open.root);
  expect(await (await web.get("/", { password: null })).text()).toContain("node 7, pc7, NoVNC mode");
});

test.concurrent("each path gives what it says, with headers that let a browser do nothing else with it", async () => {
  using node = recordNode(ACCESS);
  node.status(STATUS);
  const view = recordedCluster([recordedNode(7), recordedNode(8)]);
  node.cluster(view);
  await using web = await startClumpweb(node.root);
  expect(await (await web.get("/api/cluster")).json()).toEqual(view);
  expect(await (await web.get("/api/node")).json()).toEqual(STATUS);
  const page = await web.get("/?x", { accept: "text/html,*/*" });
  expect(page.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
  expect(page.headers.get("Content-Security-Policy")).toStartWith("default-src 'none'; script-src 'self'");
  expect(page.headers.get("Cache-Control")).toBe("no-store");
  expect(await page.text()).not.toContain(PASSWORD);
  const metrics = await web.get("/metrics");
  expect(metrics.headers.get("Content-Type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect((await web.get("/../etc/passwd")).status).toBe(404);
  using alone = recordNode(ACCESS);
  await using early = await startClumpweb(alone.root);
  for (const path of ["/api/cluster", "/api/node"]) expect((await early.get(path)).status).toBe(503);
});

test.concurrent("promtool finds nothing wrong with the metrics of a cluster, nor of a node without one", async () => {
  const promtool = await fetchPromtool();
  using node = recordNode(ACCESS);
  await using web = await startClumpweb(node.root);
  const check = async () => checkMetrics(promtool, await (await web.get("/metrics")).text());
  expect(await check()).toEqual({ code: 0, said: "" });
  node.status({ ...STATUS, hostname: 'a"b\\c\nd', lease: { ...STATUS.lease!, seconds: null } });
  node.cluster(recordedCluster([recordedNode(7), recordedNode(8, { state: "dead" })]));
  node.moves(makeReport());
  expect(await (await web.get("/metrics")).text()).toContain("clump_move_freeze_seconds_count 6\n");
  expect(await check()).toEqual({ code: 0, said: "" });
  expect((await checkMetrics(promtool, "clumpLoad{a=b} x\n")).code).not.toBe(0);
  // Others may be fetching packages.
}, 300_000);

test.concurrent.each([
  ["another method", `POST / HTTP/1.1\r\nHost: a\r\n${BASIC}Content-Length: 3\r\n\r\nabc`, /^HTTP\/1.1 405 /],
  ["a request without host", `GET / HTTP/1.1\r\n${BASIC}Connection: close\r\n\r\n`, /^HTTP\/1.1 400 /],
  ["no HTTP at all", "RFB 003.008\n\r\n\r\n", /^HTTP\/1.1 400 /],
  ["headers without end", `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(20_000)}`, /^(HTTP\/1.1 431 |$)/],
  [
    "two lengths",
    `GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n`,
    /^HTTP\/1.1 400 /,
  ],
])("%s is refused, and the next one is served", async (_, bytes, wanted) => {
  using node = recordNode(ACCESS);
  node.status(STATUS);
  await using web = await startClumpweb(node.root);
  const heard = await say(web.port, bytes);
  expect(heard).toMatch(wanted);
  expect(heard).not.toContain(STATUS.hostname);
  expect((await web.get("/text")).status).toBe(200);
});

test.concurrent("a request that comes a byte at a time is given up", async () => {
  using node = recordNode(ACCESS);
  await using web = await startClumpweb(node.root);
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = connect(web.port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nHost: a\r\nX: "));
  const drip = setInterval(() => socket.write("x"), 500);
  socket.on("close", () => resolve());
  socket.on("error", () => resolve());
  socket.resume();
  await promise;
  clearInterval(drip);
}, 60_000);

test.concurrent("who takes nothing of the events makes the node keep no more than one of each", async () => {
  using node = recordNode(ACCESS);
  node.status(STATUS);
  const nodes = Array.from({ length: 2_000 }, (_, index) => recordedNode(index + 1));
  node.cluster(recordedCluster(nodes));
  await using web = await startClumpweb(node.root);
  const sockets = Array.from({ length: 20 }, () => {
    const socket = connect(web.port, "127.0.0.1", () => {
      socket.write(`GET /events HTTP/1.1\r\nHost: a\r\n${BASIC}\r\n`);
      socket.pause();
    });
    socket.on("error", () => {});
    return socket;
  });
  const stream = await web.get("/events");
  // A proxy is not to hold the events back.
  expect(stream.headers.get("X-Accel-Buffering")).toBe("no");
  const events = stream.body![Symbol.asyncIterator]();
  const sizes: number[] = [];
  for (let round = 0; round < 10; round++) {
    const load = 100_000 + round;
    node.cluster(recordedCluster(nodes.map((one) => ({ ...one, load }))));
    // Who takes what comes says when the others have been sent it too.
    await readUntil(events, String(load));
    sizes.push(residentMegabytes(web.pid));
  }
  await events.return?.();
  for (const socket of sockets) socket.destroy();
  // Ten views of half a megabyte for twenty viewers would be a hundred more.
  expect(sizes.at(-1)! - sizes[2]!).toBeLessThan(40);
}, 60_000);

test.concurrent("more connections than one address may have are turned away, and the others stay", async () => {
  using node = recordNode(ACCESS);
  node.status(STATUS);
  await using web = await startClumpweb(node.root);
  let closed = 0;
  const turnedAway = Promise.withResolvers<void>();
  const sockets = Array.from({ length: 120 }, () => {
    const socket = connect(web.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.on("close", () => {
      if (++closed === 20) turnedAway.resolve();
    });
    return socket;
  });
  await turnedAway.promise;
  for (const socket of sockets) socket.destroy();
  // The server hears of the ends one after the other.
  for (;;) {
    const answer = await web.get("/text").catch(() => undefined);
    if (answer?.status === 200) return;
    await Bun.sleep(100);
  }
}, 60_000);

async function readUntil(events: AsyncIterator<Uint8Array>, wanted: string): Promise<void> {
  for (let text = ""; !text.includes(wanted); ) {
    const { value, done } = await events.next();
    if (done) throw new Error(`Cannot see ${wanted}: there is no more`);
    text = text.slice(-wanted.length) + Buffer.from(value).toString("latin1");
  }
}

function residentMegabytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}
