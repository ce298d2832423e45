import { describe, expect, test } from "bun:test";
import { answerPath } from "../../../../modes/web/site.ts";
import { recordedCluster, recordedNode, STATUS } from "../../../web/recorded.ts";
import { makeReport } from "../../cluster/moves.ts";

const cluster = recordedCluster([recordedNode(7, { heardUptime: 98 })]);
const PRESENT = { status: STATUS, cluster, uptime: 100, now: 100_000 };
const BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8";

describe("answerPath()", () => {
  test.each([
    ["/", BROWSER, "text/html; charset=utf-8"],
    ["/", "*/*", "text/plain; charset=utf-8"],
    ["/", "", "text/plain; charset=utf-8"],
    ["/text", BROWSER, "text/plain; charset=utf-8"],
    ["/metrics", BROWSER, "text/plain; version=0.0.4; charset=utf-8"],
    ["/api/cluster", "*/*", "application/json"],
    ["/api/node", "*/*", "application/json"],
    ["/page.js", "*/*", "text/javascript; charset=utf-8"],
    ["/page.css", "*/*", "text/css; charset=utf-8"],
    ["/icon.svg", "*/*", "image/svg+xml"],
  ])("%s for %j is %s", (path, accept, type) => {
    const { status = 200, type: given } = answerPath(path, accept, PRESENT);
    expect([status, given]).toEqual([200, type]);
  });

  test.each(["", "/page", "/page.js/", "//", "/api", "/constructor", "/%2e%2e/etc/passwd"])(
    "%j is nothing",
    (path) => {
      expect(answerPath(path, BROWSER, PRESENT).status).toBe(404);
    },
  );

  test("the page has every script it imports", () => {
    const page = answerPath("/", BROWSER, PRESENT).text;
    const seen = [...page.matchAll(/(?:src|href)="(\/[\w.]+)"/g)].map(([, path]) => path!);
    for (const path of seen) {
      const { status = 200, text } = answerPath(path, "*/*", PRESENT);
      expect([path, status]).toEqual([path, 200]);
      for (const [, file] of text.matchAll(/from "\.(\/[\w.]+)"/g)) {
        expect([file, answerPath(file!, "*/*", PRESENT).status]).toEqual([file, undefined]);
      }
    }
  });

  test("the text says what clumpview says, and the table of the nodes", () => {
    expect(answerPath("/text", "", PRESENT).text).toBe(
      `node 7, pc7, NoVNC mode, up 1 min 40 s, clump 7.0.0-alpha.1

address   192.168.1.7/24
nic       eth0  52:54:00:12:34:07  0000:00:03.0 1af4:1000 virtio_net
lease     from 192.168.1.254, 58 min 29 s left, BOUND
map       1 192.168.1.1 254
cluster   alone so far

node  address      state  load  cpus  speed  free MB  of MB  age
  7*  192.168.1.7  up     0.70     4  10000     6144   8192    2
`,
    );
  });

  test("the text has the jobs below the nodes, and no control characters of their programs", () => {
    const report = makeReport();
    const moves = { ...report, jobs: [{ ...report.jobs[2]!, name: "wo\x1b[2Jrk" }] };
    expect(answerPath("/text", "", { ...PRESENT, moves }).text).toEndWith(
      `
1 away, 0 guests, 1 stays
 pid  program   whose  for        moved     moves  where
4711  wo?[2Jrk  root   1 min 3 s  00:00:37      1  on 10.0.0.2
4714  server    root   8 s        -             -  stays here: it uses a socket
`,
    );
  });

  test("of a node that has not said anything there is a page all the same", () => {
    const empty = { status: undefined, cluster: undefined, uptime: 3, now: 0 };
    expect(answerPath("/", BROWSER, empty).text).toContain("not configured yet");
    expect(answerPath("/text", "", empty).text).toStartWith("up 3 s\n");
    expect(answerPath("/api/node", "", empty)).toMatchObject({
      status: 503,
      text: expect.stringMatching(/^Cannot show/),
    });
  });

  test("what comes from the network is neither HTML in the page nor control characters in the text", () => {
    const status = { ...STATUS, hostname: "<b>&\"'\x1b[2J\u202e" };
    const evil = { ...PRESENT, status };
    const page = answerPath("/", BROWSER, evil).text;
    expect(page).not.toContain("<b>");
    expect(page).toContain("&lt;b&gt;&amp;&quot;&#39;");
    expect(answerPath("/text", "", evil).text).toContain(`<b>&"'?[2J?`);
  });
});
