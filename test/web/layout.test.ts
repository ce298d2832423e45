import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Browser, startBrowser } from "./browser.ts";
import { type DemoSite, startDemoSite } from "./demo-site.ts";

const NODES = 254;
const DESK = [1440, 900] as const;
const TELEPHONE = [390, 844] as const;

let browser: Browser;
let site: DemoSite;
beforeAll(async () => {
  [browser, site] = await Promise.all([startBrowser(), startDemoSite(NODES)]);
}, 90_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

async function open(size: readonly [number, number]): Promise<void> {
  await browser.resize(...size);
  await browser.open(site.url, "");
  await browser.until(`document.querySelectorAll("#rows tr").length > 0`);
}

const measure = (selector: string) =>
  browser.evaluate<Record<"top" | "bottom" | "left" | "right" | "width" | "height", number>>(
    `document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect().toJSON()`,
  );
const text = (selector: string) =>
  browser.evaluate<string>(`document.querySelector(${JSON.stringify(selector)}).innerText`);
const texts = (selector: string) =>
  browser.evaluate<string[]>(
    `[...document.querySelectorAll(${JSON.stringify(selector)})]
      .filter((element) => element.checkVisibility()).map((element) => element.innerText.trim())`,
  );
const pageHeight = () => browser.evaluate<number>("document.documentElement.scrollHeight");

describe("254 nodes on a desk", () => {
  test("fit into the window with all that belongs to them, the table from its upper half on", async () => {
    await open(DESK);
    expect(await pageHeight()).toBeLessThanOrEqual(DESK[1]);
    expect((await measure("#scroll")).top).toBeLessThan(DESK[1] / 2);
    for (const part of ["#totals", "#history", "#facts", "#bars"])
      expect((await measure(part)).bottom).toBeLessThanOrEqual(DESK[1]);
    expect(await texts("#scroll thead th")).toEqual([
      "node",
      "address",
      "state",
      "ten minutes",
      "busy",
      "load",
      "memory, GB",
      "CPUs",
      "speed",
      "in/out",
      "heard",
    ]);
  });

  test("have one unit of memory in their column", async () => {
    await open(DESK);
    const amounts = await texts("#rows .memory");
    expect(amounts.filter((amount) => !/^(\d+\.\d of \d+\.\d|-)$/.test(amount))).toEqual([]);
  });

  test("say what colours and lines mean", async () => {
    await open(DESK);
    expect(await texts("#nodes .legend li")).toEqual([
      "calm, under 60 %",
      "busy, 60 to 90 %",
      "full, over 90 %",
      "dead",
    ]);
    expect(await texts("#cluster .legend li")).toEqual(["processors busy", "memory used"]);
  });

  test("tell their numbers at their bars, and come into sight by a click on one", async () => {
    await open(DESK);
    const { width } = await measure("#bars");
    const x = 40 + (199.5 / NODES) * (width - 40);
    const at = `{ bubbles: true, clientX: bars.left + ${x}, clientY: bars.top + 50 }`;
    await browser.evaluate(`{
      const bars = document.querySelector("#bars").getBoundingClientRect();
      document.querySelector("#bars").dispatchEvent(new MouseEvent("click", ${at}));
    }`);
    expect(await text("#readout")).toMatch(/^node 200, 10\.0\.0\.200: /);
    expect(await text("#rows .marked th")).toBe("200");
    const [row, table] = [await measure("#rows .marked"), await measure("#scroll")];
    expect(row.top).toBeGreaterThan(table.top);
    expect(row.bottom).toBeLessThan(table.bottom);
  });
});

describe("254 nodes in a window of any width", () => {
  test.each([320, 480, 700, 860, 1_000, 1_120, 1_300, 1_400])(
    "have no column cut at %d pixels",
    async (width) => {
      await open([width, 800]);
      const [inner, outer] = await browser.evaluate<number[]>(
        `[document.querySelector("#scroll").scrollWidth, document.querySelector("#scroll").clientWidth]`,
      );
      expect(inner).toBeLessThanOrEqual(outer!);
      expect(await browser.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(
        width,
      );
    },
  );
});

describe("254 nodes on a telephone", () => {
  test("show number, address, state, use and memory without being moved sideways", async () => {
    await open(TELEPHONE);
    expect(await browser.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(
      TELEPHONE[0],
    );
    const [inner, outer] = await browser.evaluate<number[]>(
      `[document.querySelector("#scroll").scrollWidth, document.querySelector("#scroll").clientWidth]`,
    );
    expect(inner).toBeLessThanOrEqual(outer!);
    expect(await texts("#scroll thead th")).toEqual(["node", "state", "busy", "memory, GB"]);
    expect(await text("#rows tr:first-child")).toMatch(/^1\s+10\.0\.0\.1\s+up\s+\d+ %\s+\d+\.\d of \d+\.\d$/);
  });

  test("make no page that is higher for more nodes, and have this node above them", async () => {
    await open(TELEPHONE);
    expect(await pageHeight()).toBeLessThan(2 * TELEPHONE[1]);
    expect((await measure("#self")).bottom).toBeLessThan((await measure("#nodes")).top);
    await browser.evaluate(`document.querySelector("#self summary").click()`);
    expect(await text("#facts")).toContain("10.0.0.7/24");
  });

  test("scroll below a header that stays, and only those in sight have rows", async () => {
    await open(TELEPHONE);
    await browser.evaluate(`document.querySelector("#scroll").scrollTop = 100_000`);
    await browser.until(`document.querySelector("#rows tr:last-child th").innerText.startsWith("254")`);
    const [head, table, last] = [
      await measure("thead th"),
      await measure("#scroll"),
      await measure("#rows tr:last-child"),
    ];
    expect(Math.abs(head.top - table.top)).toBeLessThan(1);
    expect(Math.abs(last.bottom - table.bottom)).toBeLessThan(2);
    expect(await browser.evaluate<number>(`document.querySelectorAll("#rows tr").length`)).toBeLessThan(60);
  });
});
