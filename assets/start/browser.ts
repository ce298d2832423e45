/** `npm start -- --open`: the browser at the web view of the first node, with the node's password in hand. */

import { randomBytes } from "node:crypto";
import type { Forward } from "../qemu/nics.ts";
import type { StartOptions } from "./options.ts";

/** The port of the web view on a node (docs/web-view.md). */
const WEB_PORT = 8080;
/** The web view of a node that boots does not answer yet. */
const LOOK_MILLISECONDS = 1_000;

export interface WebView {
  readonly forward: Forward;
  readonly password: string;
  /** With the password, as a browser takes it (RFC 3986, section 3.2.1). */
  readonly url: string;
}

/** The web view as `--open` wants it: on a port that leads to the node already, or on one of 127.0.0.1 that is free. */
export function chooseWebView(forwards: readonly Forward[]): WebView {
  const forward = forwards.find(({ to }) => to === WEB_PORT) ?? { from: freePort(), to: WEB_PORT };
  // VNC takes eight characters of it.
  const password = randomBytes(4).toHex();
  return { forward, password, url: `http://clump:${password}@127.0.0.1:${forward.from}/` };
}

/** The options of a node with that web view. */
export function withWebView(options: StartOptions, { forward, password }: WebView): StartOptions {
  return {
    ...options,
    forwards: [...options.forwards.filter(({ from }) => from !== forward.from), forward],
    append: `clump.web=${forward.to} clump.vnc.password=${password} ${options.append}`.trimEnd(),
  };
}

/** The program that opens an address in a browser. @throws Error where this machine has none */
export function findBrowser(env: Readonly<Record<string, string | undefined>> = process.env): string {
  // A list with colons between, as for xdg-open(1).
  const names = [...(env["BROWSER"] ?? "").split(":"), "xdg-open", "sensible-browser", "open"];
  const found = names
    .filter(Boolean)
    .map((name) => Bun.which(name, { PATH: env["PATH"] ?? "" }))
    .find((path) => path !== null);
  if (found) return found;
  throw new Error(
    "Cannot use --open: this machine has no xdg-open, and a program that opens a browser was wanted in BROWSER",
  );
}

/** Opens the web view once it answers, until the signal. */
export async function openWhenUp(
  { url, password }: WebView,
  browser: string,
  signal: AbortSignal,
): Promise<void> {
  const { origin } = new URL(url);
  const authorization = `Basic ${Buffer.from(`clump:${password}`).toString("base64")}`;
  while (!signal.aborted) {
    if (await answers(origin, authorization)) {
      Bun.spawn([browser, url], { stdio: ["ignore", "ignore", "ignore"] }).unref();
      return;
    }
    await Bun.sleep(LOOK_MILLISECONDS);
  }
}

async function answers(origin: string, authorization: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(LOOK_MILLISECONDS);
    return (await fetch(origin, { headers: { authorization }, signal })).ok;
  } catch {
    // Nothing listens on the node yet.
    return false;
  }
}

/** The port of the node, or one that the kernel chooses. */
function freePort(): number {
  for (const port of [WEB_PORT, 0]) {
    try {
      const listener = Bun.listen({ hostname: "127.0.0.1", port, socket: { data: () => {} } });
      listener.stop(true);
      return listener.port;
    } catch {
      // Another program listens there.
    }
  }
  throw new Error("Cannot use --open: no port of 127.0.0.1 is free, and one was wanted");
}
