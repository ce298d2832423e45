import { expect, test } from "bun:test";
import { timeFactor } from "../../assets/qemu/vm.ts";
import { BOOT, bootNode, CONFIGURED, SOON } from "../lib/node.ts";
import { freePort } from "../lib/port.ts";

test("clump.web shows the node, its events and its metrics to whoever has the password on its screen", async () => {
  const port = freePort();
  await using vm = await bootNode({
    name: "web",
    append: "novnc clump.web",
    nics: [{ model: "virtio-net-pci", network: { kind: "user", forward: { from: port, to: 8080 } } }],
  });
  await vm.console.expect(CONFIGURED, BOOT);
  // In the order the page is drawn: what was there before the last match is seen again when the whole page is repainted.
  await vm.console.expect("http://10.0.2.15:8080/", SOON);
  const [, password] = await vm.console.expect(/password ([a-z0-9]{8})\b/, BOOT);

  const get = (path: string, given?: string) => {
    const authorization = { Authorization: `Basic ${btoa(`:${given}`)}` };
    const headers = { Connection: "close", ...(given && authorization) };
    return fetch(`http://127.0.0.1:${port}${path}`, { headers, signal: limit() });
  };
  expect((await firstAnswer(() => get("/"))).status).toBe(401);
  expect((await get("/", "password")).status).toBe(401);
  const page = await get("/", password);
  expect(page.status).toBe(200);
  expect(await page.text()).toMatch(/^node 15, .*NoVNC mode(?:.*\n)*web +http:\/\/10\.0\.2\.15:8080\/\n/);
  expect(await (await get("/connection.js", password)).text()).toContain("EventSource");
  // clumpd may only just have begun: what comes after this is from a node that has met itself.
  const events = await textUntil(
    await get("/events", password),
    /event: cluster\ndata: .*"address":"10\.0\.2\.15"(?:.*\n)*event: beat\n/,
  );
  for (const event of ["history", "node"]) expect(events).toContain(`event: ${event}\n`);
  expect(await (await get("/metrics", password)).text()).toContain(
    'clump_node_up{node="15",address="10.0.2.15"} 1\n',
  );
});

const limit = () => AbortSignal.timeout(SOON.within * timeFactor() * 1_000);

/** QEMU takes connections before the node does, and drops them then. */
async function firstAnswer(ask: () => Promise<Response>): Promise<Response> {
  const end = limit();
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer) return answer;
    end.throwIfAborted();
    await Bun.sleep(250);
  }
}

/** What came until this was in it. */
async function textUntil(response: Response, wanted: RegExp): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    if (wanted.test(text)) return text;
  }
  throw new Error(`Cannot see ${wanted} in the events: they ended after ${text}`);
}
