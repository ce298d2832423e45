import { expect, test } from "bun:test";
import { timeFactor } from "../../assets/qemu/vm.ts";
import { BOOT, bootNode, CONFIGURED, SOON } from "../lib/node.ts";
import { freePort } from "../lib/port.ts";
import { openShell, output } from "../lib/shell.ts";

const PASSWORD = "secret12";

test("clump.web shows the node, its events and its metrics to whoever has the password", async () => {
  const port = freePort();
  await using vm = await bootNode({
    name: "web",
    append: `expert clump.web clump.vnc.password=${PASSWORD}`,
    nics: [{ model: "virtio-net-pci", network: { kind: "user", forward: { from: port, to: 8080 } } }],
  });
  await vm.console.expect(CONFIGURED, BOOT);
  await openShell(vm, BOOT);

  const get = (path: string, password?: string) => {
    const authorization = { Authorization: `Basic ${btoa(`:${password}`)}` };
    const headers = { Connection: "close", ...(password && authorization) };
    return fetch(`http://127.0.0.1:${port}${path}`, { headers, signal: limit() });
  };
  expect((await firstAnswer(() => get("/"))).status).toBe(401);
  expect((await get("/", "secret13")).status).toBe(401);
  const page = await get("/", PASSWORD);
  expect(page.status).toBe(200);
  expect(await page.text()).toMatch(/^node 15, .*Expert mode(?:.*\n)*web +http:\/\/10\.0\.2\.15:8080\/\n/);
  expect(await (await get("/metrics", PASSWORD)).text()).toContain(
    'clump_node_up{node="15",address="10.0.2.15"} 1\n',
  );
  expect(await (await get("/page.js", PASSWORD)).text()).toContain("EventSource");
  for (const event of ["history", "node", "cluster", "beat"]) {
    expect(await textUntil(await get("/events", PASSWORD), `event: ${event}\n`)).toContain("10.0.2.15");
  }

  const memory = "cat /proc/$(pidof clumpweb)/smaps_rollup | grep -E '^(Rss|Pss|Private_Dirty)'";
  console.log(`clumpweb in its node: ${(await output(vm, memory)).replace(/\s+/g, " ")}`);
  expect(await output(vm, "cat /proc/$(pidof clumpweb)/oom_score_adj")).toBe("500\n");
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

/** What came until there was this word in it. */
async function textUntil(response: Response, word: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    if (text.includes(word) && text.includes("10.0.2.15")) break;
  }
  return text;
}
