import { expect, test } from "bun:test";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { chooseWebView, findBrowser, openWhenUp, withWebView } from "../../../../assets/start/browser.ts";
import { nodeMachine } from "../../../../assets/start/machine.ts";
import { readStartOptions } from "../../../../assets/start/options.ts";
import { makeRoot } from "../../../fixtures/root.ts";
import { until } from "../../../lib/until.ts";

test("chooseWebView() takes a port that leads to the web view, or one that is free", () => {
  const given = { from: 18_080, to: 8080 };
  const view = chooseWebView([{ from: 5900, to: 5900 }, given]);
  expect(view.forward).toEqual(given);
  expect(view.url).toBe(`http://clump:${view.password}@127.0.0.1:18080/`);
  expect(view.password).toMatch(/^[\da-f]{8}$/);
  const free = chooseWebView([]).forward;
  expect(free.to).toBe(8080);
  Bun.listen({ hostname: "127.0.0.1", port: free.from, socket: { data: () => {} } }).stop(true);
});

test("withWebView() switches the web view on, with that password, for the first node", () => {
  const options = readStartOptions(["--open", "--append", "debug", "--forward", "5900"]);
  const view = chooseWebView(options.forwards);
  const machine = nodeMachine({ kernel: "k", initrd: "i", tools: "t" }, withWebView(options, view));
  expect(machine.append).toEndWith(` clump.web=8080 clump.vnc.password=${view.password} debug`);
  expect(machine.nics[0]?.network).toEqual({
    kind: "user",
    forward: [{ from: 5900, to: 5900 }, view.forward],
  });
});

test("findBrowser() takes the program of BROWSER, and says so where there is none", () => {
  expect(findBrowser({ BROWSER: "/absent:sh", PATH: "/bin" })).toEndWith("/sh");
  expect(() => findBrowser({ BROWSER: "/absent", PATH: "/absent" })).toThrow(
    /^Cannot use --open: .* was wanted in BROWSER$/,
  );
});

test("openWhenUp() opens the address once the web view takes the password", async () => {
  using root = makeRoot({ "/browser": `#!/bin/sh\necho "$1" > "$0.new"; mv "$0.new" "$0.opened"\n` });
  chmodSync(`${root.path}/browser`, 0o755);
  const view = chooseWebView([]);
  let requests = 0;
  await using _server = Bun.serve({
    hostname: "127.0.0.1",
    port: view.forward.from,
    fetch({ headers }) {
      const isRight = headers.get("authorization") === `Basic ${btoa(`clump:${view.password}`)}`;
      return new Response("", { status: !isRight ? 401 : ++requests === 1 ? 503 : 200 });
    },
  });
  await openWhenUp(view, `${root.path}/browser`, AbortSignal.timeout(10_000));
  expect(requests).toBe(2);
  await until(() => existsSync(`${root.path}/browser.opened`), { within: 10 });
  expect(readFileSync(`${root.path}/browser.opened`, "utf8")).toBe(`${view.url}\n`);
});

test("openWhenUp() ends with the node", async () => {
  const ended = new AbortController();
  const done = openWhenUp(chooseWebView([]), "/absent", ended.signal);
  ended.abort();
  await done;
});
