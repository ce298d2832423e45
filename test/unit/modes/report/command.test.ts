import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { runReport } from "../../../../modes/report/command.ts";
import { makeRoot, type Root } from "../../../fixtures/root.ts";

const KEY = "never-to-be-seen";
const LOG = `<5>[    0.000000] Command line: quiet clump.key=${KEY} panic=5\n<4>[    1.000000] a warning\n`;

let root: Root;
let [out, errors]: [string, string] = ["", ""];
let asked: string[] = [];
let puts: { readonly url: string; readonly authorization: string | null; readonly body: string }[] = [];
let status = 201;
let failure: Error | undefined;

beforeEach(() => {
  root = makeRoot({
    "/proc/cmdline": `quiet clump.key=${KEY} clump.report=http://me:word@10.0.0.1/in/\n`,
    "/etc/clump.key": `in a file\n`,
    "/run/clump/node": "7\n",
    "/etc/mosix.map": "1 10.0.0.1 254\n",
  });
  [out, errors, asked, puts, status, failure] = ["", "", [], [], 201, undefined];
});
afterEach(() => root[Symbol.dispose]());

async function report(...argv: string[]): Promise<number> {
  return await runReport(argv, {
    root: root.path,
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      errors += text;
    },
    carriers: {
      run: async (command) => {
        asked.push(command.join(" ").replaceAll(root.path, ""));
        const output = command.includes("dmesg") ? LOG : `it said ${KEY} and in a file\n`;
        return { ok: true, output, complaint: "" };
      },
      fetch: async (url, init) => {
        if (failure !== undefined) throw failure;
        const authorization = new Headers(init.headers).get("authorization");
        puts.push({ url: url.href, authorization, body: String(init.body) });
        return new Response("", { status, statusText: "as told" });
      },
    },
  });
}

describe("runReport()", () => {
  test("takes a % of a password that begins no escape as it is", async () => {
    expect(await report("http://me:100%@10.0.0.1/")).toBe(0);
    expect(puts[0]?.authorization).toBe(`Basic ${btoa("me:100%")}`);
  });

  test("writes the report and sends it where clump.report= says", async () => {
    expect(await report()).toBe(0);
    const text = root.read("/run/clump/report.txt");
    expect(puts.map(({ body }) => body)).toEqual([text]);
    expect(puts[0]?.url).toMatch(/^http:\/\/10\.0\.0\.1\/in\/clump-.*node7\.txt$/);
    expect(puts[0]?.authorization).toBe(`Basic ${btoa("me:word")}`);
    expect(out).toBe(`Report written to /run/clump/report.txt\nReport sent to ${puts[0]?.url}\n`);
  });

  test("has every part, and no secret in any", async () => {
    await report();
    const text = root.read("/run/clump/report.txt");
    for (const part of [
      "this node",
      "kernel command line",
      "lspci",
      "ip route",
      "leases",
      "map",
      "cluster",
    ]) {
      expect(text).toMatch(new RegExp(`^--- .*${part}`, "m"));
    }
    expect(text).toContain("This is node 7");
    expect(text).toContain("a warning");
    for (const secret of [KEY, "in a file", "me:word"]) expect(text).not.toContain(secret);
    expect(text).toContain("clump.key=*** panic=5");
  });

  test("shows it with --output -, and sends it nowhere then", async () => {
    expect(await report("--output", "-")).toBe(0);
    expect(out).toStartWith("clump ");
    expect(puts).toEqual([]);
  });

  test("takes a place of its own before that of the command line", async () => {
    expect(await report("tftp://10.0.0.9/in/mine.txt")).toBe(0);
    expect(asked.at(-1)).toBe("/usr/bin/busybox tftp -p -l /run/clump/report.txt -r in/mine.txt 10.0.0.9 69");
    expect(puts).toEqual([]);
  });

  test("keeps it here where nothing says where to", async () => {
    root.write({ "/proc/cmdline": "quiet\n" });
    expect(await report()).toBe(0);
    expect(out).toBe("Report written to /run/clump/report.txt\n");
  });

  test("says what the server said, and keeps the file", async () => {
    status = 403;
    expect(await report()).toBe(1);
    expect(errors).toBe(
      "clump: Cannot send the report to http://10.0.0.1/in/: the server answered 403 as told, and 2xx was wanted\n",
    );
    expect(root.read("/run/clump/report.txt")).toContain("this node");
  });

  test.each([
    ["there is no connection (ECONNREFUSED)", Object.assign(new Error("Typo?"), { code: "ECONNREFUSED" })],
    ["no whole answer within 30 s", new DOMException("The operation timed out.", "TimeoutError")],
    ["another", new Error("another")],
  ])("says in a few words why nothing was sent: %s", async (words, error) => {
    failure = error;
    expect(await report()).toBe(1);
    expect(errors).toEndWith(`${words}\n`);
  });

  test.each([
    [["ftp://10.0.0.1/"], "Cannot use ftp://10.0.0.1/ as the place of a report: http(s)://HOST/PATH"],
    [["usb", "usb"], "Cannot use usb: one target was wanted"],
    [["--wrong"], "--wrong"],
  ])("refuses %j with the usage", async (words, complaint) => {
    expect(await report(...words)).toBe(2);
    expect(errors).toContain(complaint);
    expect(errors).toContain("Usage: clump report");
    expect(asked).toEqual([]);
  });
});
