/** The web view of a made-up cluster, as docs/web-view.md shows it. */

import { type Browser, startBrowser } from "../web/browser.ts";
import { type DemoSite, startDemoSite } from "../web/demo-site.ts";
import { keep } from "./keep.ts";

const NODES = 254;
/** Colours of a picture of the web view. */
export const WEB_COLOURS = 128;
const PAGES = [
  { name: "web-1440.png", width: 1440, height: 900 },
  { name: "web-390.png", width: 390, height: 1500 },
] as const;

async function take(browser: Browser, site: DemoSite, page: (typeof PAGES)[number]): Promise<void> {
  await browser.resize(page.width, page.height);
  await browser.open(site.url, "");
  await browser.until(`document.querySelector("#link").innerText === "live"`);
  site.beat();
  await Bun.sleep(500);
  await keep(page.name, await browser.screenshot(), WEB_COLOURS);
}

/** Takes the pictures in Chromium. */
export async function takeWeb(): Promise<void> {
  await using browser = await startBrowser();
  await using site = await startDemoSite(NODES);
  for (const page of PAGES) await take(browser, site, page);
}
