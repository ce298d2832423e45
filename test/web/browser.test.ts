import { afterAll, beforeAll, expect, test } from "bun:test";
import { uptime } from "../../system/uptime.ts";
import { type Browser, startBrowser } from "./browser.ts";
import { PASSWORD, startClumpweb } from "./clumpweb.ts";
import { recordedCluster, recordedNode, recordNode, STATUS } from "./recorded.ts";

const ACCESS = { password: PASSWORD, isMade: false };
/** Heard of now: what is older than 10 s is shown as silent. */
const nodes = () => [7, 1, 2, 12].map((id) => recordedNode(id));

const DESK = [1440, 900] as const;

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
  await browser.resize(...DESK);
}, 90_000);
afterAll(() => browser[Symbol.asyncDispose]());

const address = (port: number) => `http://127.0.0.1:${port}/`;

const text = (selector: string) =>
  browser.evaluate<string>(`document.querySelector(${JSON.stringify(selector)}).innerText`);
const numbers = () =>
  browser.evaluate<string[]>(`[...document.querySelectorAll("#rows tr th")].map((cell) => cell.innerText)`);
const rows = (count: number) => `document.querySelectorAll("#rows tr").length === ${count}`;

test("the page shows the node and its cluster, and what changes, without being loaded again", async () => {
  using node = recordNode(ACCESS);
  node.status(STATUS);
  node.cluster(recordedCluster(nodes()));
  await using web = await startClumpweb(node.root);
  expect(await browser.open(address(web.port), PASSWORD)).toBe(200);
  await browser.until(rows(4));
  await browser.evaluate("window.isTheSamePage = true");
  expect(await text("#number")).toBe("7");
  expect(await text("h1")).toBe("pc7");
  expect(await text("#total-nodes")).toBe("4 of 4");
  expect(await text("#facts")).toContain("192.168.1.7/24");
  expect(await numbers()).toEqual(["1", "2", "7", "12"]);
  await browser.until(`document.querySelector("#link").innerText === "live"`);
  expect(await text("#rows .self th")).toBe("7");

  const dead = nodes().map((one) => (one.id === 2 ? recordedNode(2, { state: "dead" }) : one));
  node.cluster(recordedCluster([...dead, recordedNode(99)], { isOpen: true }));
  node.status({ ...STATUS, problems: ["no driver for 10ec:8168 in this image"] });
  await browser.until(rows(5));
  expect(await numbers()).toEqual(["1", "2", "7", "12", "99"]);
  expect(await text("#rows tr:nth-child(2)")).toContain("dead");
  expect(await text("#total-nodes")).toBe("4 of 5");
  await browser.until(`document.querySelector("#problems").innerText.includes("10ec:8168")`);
  expect(await text("#problems")).toContain("open cluster");
  expect(await browser.evaluate<boolean>("window.isTheSamePage")).toBe(true);

  // A person sorts and filters.
  await browser.evaluate(`document.querySelector("[data-sort=busy]").click()`);
  expect((await numbers()).slice(0, 3)).toEqual(["99", "12", "7"]);
  await browser.evaluate(`document.querySelector("#only-up").click()`);
  expect(await numbers()).not.toContain("2");
  const type = `filter.value = "12"; filter.dispatchEvent(new Event("input"))`;
  await browser.evaluate(`{ const filter = document.querySelector("#filter"); ${type} }`);
  expect(await numbers()).toEqual(["12"]);
  expect(browser.complaints).toEqual([]);
});

test("a node whose clumpd no longer writes shows no node as up, and says why", async () => {
  using node = recordNode(ACCESS);
  node.status(STATUS);
  node.cluster(recordedCluster([recordedNode(7, { heardUptime: uptime() - 30 }), recordedNode(12)]));
  await using web = await startClumpweb(node.root);
  await browser.open(address(web.port), PASSWORD);
  await browser.until(rows(2));
  expect(await text("#problems")).toContain("clumpd has been silent for 3");
  expect(await text("#total-nodes")).toBe("0 of 2");
  expect(await text("#total-memory")).toBe("--");
  expect(await text("#total-processors")).toBe("--");
  expect(await text("#rows .self")).toMatch(/silent\s+-\s+-\s+-\s+4\s+10000/);
  expect(await text("#nodes .legend")).toContain("silent");
});

test("names from the network are text and nothing else", async () => {
  const evil = `<img src=x onerror="window.isHit = true"><script>window.isHit = true</script>"'&`;
  using node = recordNode(ACCESS);
  node.status({ ...STATUS, hostname: evil, warnings: [evil] });
  node.cluster(recordedCluster([recordedNode(7), recordedNode(8, { address: evil, version: evil })]));
  await using web = await startClumpweb(node.root);
  await browser.open(address(web.port), PASSWORD);
  await browser.until(rows(2));
  expect(await text("h1")).toBe(evil);
  expect(await text("#problems")).toContain(evil);
  expect(await text("#rows tr:nth-child(2)")).toContain(evil);
  expect(await browser.evaluate("window.isHit")).toBeUndefined();
  expect(await browser.evaluate("document.querySelectorAll('img').length")).toBe(0);
});

test("a wrong password shows nothing, and the page says when its node is gone", async () => {
  using node = recordNode(ACCESS);
  node.status(STATUS);
  node.cluster(recordedCluster(nodes()));
  const web = await startClumpweb(node.root);
  expect(await browser.open(address(web.port), "wrong")).toBe(401);
  await browser.until(`document.body.innerText.includes("Cannot show the node")`);
  expect(await browser.evaluate<string>("document.documentElement.innerHTML")).not.toContain("192.168.1");
  expect(await browser.open(address(web.port), PASSWORD)).toBe(200);
  await browser.until(rows(4));
  await web[Symbol.asyncDispose]();
  await browser.until(`document.body.classList.contains("stale")`);
  expect(await text("#link")).toContain("connection lost");
});

test("a node that says nothing any more is asked anew", async () => {
  using node = recordNode(ACCESS);
  node.status(STATUS);
  node.cluster(recordedCluster(nodes()));
  await using web = await startClumpweb(node.root);
  await browser.open(address(web.port), PASSWORD);
  const isLive = `document.querySelector("#link").innerText === "live"`;
  await browser.until(isLive);
  // Between two beats a quarter of an hour goes by.
  await browser.evaluate(`new Promise((resolve) => {
    const now = performance.now.bind(performance);
    performance.now = () => 1000 * now();
    window.EventSource = class extends EventSource {
      constructor(path) {
        super(path);
        performance.now = now;
        resolve();
      }
    };
  })`);
  await browser.evaluate(`document.querySelector("#link").innerText = ""`);
  await browser.until(isLive);
});

test("nothing needs to be moved sideways on a telephone, names of any length included", async () => {
  using node = recordNode(ACCESS);
  node.status({ ...STATUS, hostname: "a-host-with-a-rather-long-name-in-a-domain.example.org" });
  node.cluster(recordedCluster(nodes()));
  await using web = await startClumpweb(node.root);
  await browser.resize(360, 740);
  await browser.open(address(web.port), PASSWORD);
  await browser.until(rows(4));
  const width = await browser.evaluate<number>("document.documentElement.scrollWidth");
  expect(width).toBeLessThanOrEqual(360);
  await browser.resize(...DESK);
});

test("without scripts the page is the text, and looks again by itself", async () => {
  using node = recordNode(ACCESS);
  node.status(STATUS);
  node.cluster(recordedCluster(nodes()));
  await using web = await startClumpweb(node.root);
  // The program may have been slow to start.
  node.cluster(recordedCluster(nodes()));
  while (!(await (await web.get("/")).text()).includes(" up ")) await Bun.sleep(20);
  await browser.allowScripts(false);
  expect(await browser.open(address(web.port), PASSWORD)).toBe(200);
  // At once: in 5 s there may be another page.
  const [seen, seconds] = await browser.evaluate<string[]>(
    "[document.body.innerText, document.querySelector('meta[http-equiv=refresh]').content]",
  );
  expect(seconds).toBe("5");
  await browser.allowScripts(true);
  expect(seen).toMatch(/^node 7, pc7, NoVNC mode/);
  expect(seen).toMatch(/12 +192\.168\.1\.12 +up/);
  expect(seen).not.toContain("only those up");
});
