/** `npm run pictures`: the web view of a made-up cluster, as docs/web-view.md shows it. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { refuseWords, runScript } from "../../assets/command-line/options.ts";
import { type Browser, startBrowser } from "./browser.ts";
import { type DemoSite, startDemoSite } from "./demo-site.ts";

const FOLDER = join(import.meta.dir, "../../docs/pictures");
const NODES = 254;
/** Colours of a picture: fewer make a smaller file. */
const COLOURS = 128;
const PICTURES = [
  { name: "web-1440.png", width: 1440, height: 900 },
  { name: "web-390.png", width: 390, height: 1500 },
] as const;

async function take(browser: Browser, site: DemoSite, picture: (typeof PICTURES)[number]): Promise<void> {
  await browser.resize(picture.width, picture.height);
  await browser.open(site.url, "");
  await browser.until(`document.querySelector("#link").innerText === "live"`);
  site.beat();
  await Bun.sleep(500);
  const path = join(FOLDER, picture.name);
  await browser.screenshot(path);
  const bytes = await new Bun.Image(await Bun.file(path).bytes())
    .png({ palette: true, colors: COLOURS })
    .bytes();
  await Bun.write(path, bytes);
}

async function takeAll(): Promise<void> {
  const does = "Takes the pictures of the web view in Chromium.";
  refuseWords({ call: "npm run pictures", does }, process.argv.slice(2));
  mkdirSync(FOLDER, { recursive: true });
  await using browser = await startBrowser();
  await using site = await startDemoSite(NODES);
  for (const picture of PICTURES) await take(browser, site, picture);
}

if (import.meta.main) await runScript(takeAll);
