/** A headless Chromium with one page, spoken to by the Chrome DevTools Protocol. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DevTools } from "./devtools.ts";

const FLAGS = [
  "--headless=new",
  // The tests run as root in a container, where its sandbox cannot.
  ...["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"],
  ...["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  ...["--remote-debugging-port=0", "about:blank"],
];

/** Milliseconds a starting browser gets, and what is waited for on a page. */
const START_LIMIT = 60_000;
const WAIT_LIMIT = 20_000;

export interface Browser extends AsyncDisposable {
  /** Goes to an address, and gives the password when asked for one, once; gives the HTTP status of the answer. */
  open(url: string, password: string): Promise<number>;
  /** What an expression is on the page. */
  evaluate<T>(expression: string): Promise<T>;
  /** Waits until an expression is true on the page. @throws with what `body` says when it does not become so */
  until(expression: string): Promise<void>;
  /** Width and height of the page, as a telephone's or a desk's. */
  resize(width: number, height: number): Promise<void>;
  /** Whether pages that are opened from now on may run their scripts. */
  allowScripts(isAllowed: boolean): Promise<void>;
  /** The page as PNG. */
  screenshot(): Promise<Uint8Array>;
  /** What went wrong on the page so far: exceptions, and what its policy forbade. */
  readonly complaints: readonly string[];
}

/** @throws Error where Chromium does not start */
export async function startBrowser(): Promise<Browser> {
  const folder = mkdtempSync(join(tmpdir(), "clump-browser-"));
  const chromium = Bun.spawn(["chromium", ...FLAGS, `--user-data-dir=${folder}`], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  async function close(): Promise<void> {
    chromium.kill("SIGKILL");
    await chromium.exited;
    rmSync(folder, { recursive: true, force: true });
  }
  try {
    const endpoint = await findEndpoint(chromium.stderr);
    return createBrowser(await DevTools.connect(await findPage(endpoint)), close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function createBrowser(tools: DevTools, close: () => Promise<void>): Promise<Browser> {
  for (const domain of ["Page", "Runtime", "Network", "Log"]) await tools.send(`${domain}.enable`);
  const logIn = await answerLogIns(tools);
  const complaints: string[] = [];
  tools.on("Runtime.exceptionThrown", (event) => complaints.push(JSON.stringify(event)));
  tools.on("Log.entryAdded", ({ entry }) => complaints.push(JSON.stringify(entry)));

  async function evaluate<T>(expression: string): Promise<T> {
    const answer = await tools.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (answer["exceptionDetails"]) throw new Error(JSON.stringify(answer["exceptionDetails"]));
    return (answer["result"] as { value: T }).value;
  }

  return {
    complaints,
    evaluate,
    async open(url, password) {
      logIn(password);
      const status = Promise.withResolvers<number>();
      const loaded = Promise.withResolvers<void>();
      tools.on("Page.loadEventFired", () => loaded.resolve());
      tools.on("Network.responseReceived", ({ type, response }) => {
        if (type === "Document") status.resolve((response as { status: number }).status);
      });
      await tools.send("Page.navigate", { url });
      await loaded.promise;
      return await status.promise;
    },
    async until(expression) {
      // Looked at whenever the page is drawn, which is when a person would see it.
      const waiting = `new Promise((resolve) => {
        const end = performance.now() + ${WAIT_LIMIT};
        const look = () => (${expression}) ? resolve(true) : performance.now() > end ? resolve(false) : setTimeout(look, 20);
        look();
      })`;
      if (await evaluate<boolean>(waiting)) return;
      throw new Error(`Cannot see ${expression}:\n${await evaluate<string>("document.body.innerText")}`);
    },
    async resize(width, height) {
      const mobile = width < 600;
      await tools.send("Emulation.setDeviceMetricsOverride", {
        width,
        height,
        deviceScaleFactor: 1,
        mobile,
      });
    },
    async allowScripts(isAllowed) {
      await tools.send("Emulation.setScriptExecutionDisabled", { value: !isAllowed });
    },
    async screenshot() {
      const { data } = await tools.send("Page.captureScreenshot", { format: "png" });
      return Buffer.from(String(data), "base64");
    },
    async [Symbol.asyncDispose]() {
      tools.close();
      await close();
    },
  };
}

/** Answers as a person would whom the browser asks for name and password; gives what sets the password. */
async function answerLogIns(tools: DevTools): Promise<(password: string) => void> {
  let next: string | undefined;
  tools.on("Fetch.requestPaused", ({ requestId }) => void tools.send("Fetch.continueRequest", { requestId }));
  tools.on("Fetch.authRequired", ({ requestId }) => {
    const given = { response: "ProvideCredentials", username: "clump", password: next };
    const authChallengeResponse = next === undefined ? { response: "CancelAuth" } : given;
    next = undefined;
    void tools.send("Fetch.continueWithAuth", { requestId, authChallengeResponse });
  });
  await tools.send("Fetch.enable", { handleAuthRequests: true });
  return (password) => {
    next = password;
  };
}

/** Chromium names its port on standard error. */
async function findEndpoint(stderr: ReadableStream<Uint8Array>): Promise<string> {
  const found = Promise.withResolvers<string>();
  const timer = setTimeout(() => found.reject(new Error(`Chromium says nothing: ${said}`)), START_LIMIT);
  let said = "";
  const decoder = new TextDecoder();
  const read = async () => {
    for await (const bytes of stderr) {
      said = (said + decoder.decode(bytes, { stream: true })).slice(-4_000);
      const endpoint = /DevTools listening on ws:\/\/(\S+?)\//.exec(said)?.[1];
      if (endpoint) found.resolve(endpoint);
    }
    found.reject(new Error(`Cannot start Chromium: it ended and said\n${said}`));
  };
  read().catch(found.reject);
  return await found.promise.finally(() => clearTimeout(timer));
}

async function findPage(endpoint: string): Promise<string> {
  const targets = (await (await fetch(`http://${endpoint}/json/list`)).json()) as {
    readonly type: string;
    readonly webSocketDebuggerUrl: string;
  }[];
  const page = targets.find(({ type }) => type === "page");
  if (page === undefined) throw new Error("Cannot use Chromium: it has no page, and one was wanted");
  return page.webSocketDebuggerUrl;
}
