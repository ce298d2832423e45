/** A process without children moves: what its shell and its parent see of it. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { until } from "../../lib/until.ts";
import { CASE_SOURCES } from "./cases.ts";
import { Setting, stateOf, write } from "./setting.ts";

let setting: Setting;
let program = "";
beforeAll(async () => {
  setting = await Setting.start();
  program = setting.compile("case", CASE_SOURCES);
}, 120_000);
afterAll(async () => await setting?.stop());

describe("a process without children moves, and", () => {
  test("its result in a pipe is the one of a run at home", async () => {
    const script = 'set -o pipefail; "$WORK" 4 3 3 leaf $HOLD | md5sum; echo $?';
    const { ended } = setting.start(script, setting.folder());
    await setting.moveAway(/work 4 3 3 leaf 1024/);
    const { out, status } = await ended;
    expect({ out, status }).toEqual(await setting.reference(script));
  });

  test("its output is whole when its shell sees its end", async () => {
    const script = '"$WORK" 14 3 5 whole $HOLD >log; echo $?; wc -l <log; tail -1 log';
    const { ended } = setting.start(script, setting.folder());
    await setting.moveAway(/work 14 3 5 whole 1024/);
    expect((await ended).out).toBe((await setting.reference(script)).out);
  });

  test("its shell keeps the offset of a shared file", async () => {
    const script = '(echo before; "$WORK" 4 1 4 shared $HOLD; echo "after $?") >log; cat log';
    const { ended } = setting.start(script, setting.folder());
    await setting.moveAway(/work 4 1 4 shared 1024/);
    expect((await ended).out).toBe((await setting.reference(script)).out);
  });

  test("reads no more of a shared list than it takes", async () => {
    const folder = setting.folder();
    write(folder, "list", "a\nb\nc\nd\n");
    const { ended } = setting.start(`(read a; echo $a; ${program} list; read c; echo $c) <list`, folder);
    await setting.moveAway(/case list$/);
    setting.go(folder);
    expect((await ended).out).toBe("a\nb\nright\nc\n");
  });

  test.each(["HUP", "INT", "QUIT", "ILL", "ABRT", "FPE", "KILL", "USR1", "SEGV", "PIPE", "ALRM", "TERM"])(
    "dies of SIG%s",
    async (name) => {
      const { ended, child } = setting.start(`exec "$WORK" 200 1 0 dies.${name}`, setting.folder());
      const pid = await setting.moveAway(new RegExp(`work 200 1 0 dies.${name}$`));
      expect(pid).toBe(child.pid);
      process.kill(pid, constants.signals[`SIG${name}` as NodeJS.Signals]);
      expect((await ended).signal).toBe(`SIG${name}` as NodeJS.Signals);
    },
  );

  test("runs as another user, in a subdirectory", async () => {
    const folder = setting.folder();
    const script = `mkdir -p a/b; cd a/b; exec ${program} user >"$PWD/log"`;
    const { ended, child } = setting.start(script, folder, { uid: 1000 });
    await until(() => existsSync(join(folder, "a/b/here")), { look: 20 });
    const state = await setting.pair.move(child.pid);
    write(folder, "a/b/go", "");
    // criu(8) reads the limits of another user's process only where root has all its capabilities.
    if (hasAllCapabilities()) expect(state).toEqual({ at: "AWAY" });
    else expect(state).toMatchObject({ at: "HOME", reason: expect.stringContaining("not permitted") });
    expect((await ended).status).toBe(3);
    expect(setting.read(folder, "a/b/log")).toBe("right\n");
    expect(setting.read(folder, "a/b/made")).toBe(`1000 ${folder}/a/b`);
    expect(Bun.spawnSync(["stat", "-c", "%u", `${folder}/a/b/made`]).stdout.toString()).toBe("1000\n");
  });

  test("keeps its arguments", async () => {
    const { ended } = setting.start(
      '"$WORK" 400 1 0 "two words" >/dev/null & p=$!; until [ -e go ]; do sleep 0.05; done; kill $p',
      setting.folder(),
    );
    const pid = await setting.moveAway(/work 400 1 0 two words$/);
    expect(setting.read(`/proc/${pid}`, "cmdline")).toBe(
      [setting.work, "400", "1", "0", "two words", ""].join("\0"),
    );
    await ended;
  });

  test("stops and goes on by kill -STOP and kill -CONT", async () => {
    const { ended } = setting.start('exec "$WORK" 60 1 6 stops', setting.folder());
    const pid = await setting.moveAway(/work 60 1 6 stops$/);
    process.kill(pid, "SIGSTOP");
    await until(() => stateOf(pid) === "T", { look: 20 });
    process.kill(pid, "SIGCONT");
    expect((await ended).status).toBe(6);
  });

  test("is killed by timeout(1), with its status", async () => {
    const { ended } = setting.start('timeout 6 "$WORK" 400 1 0 late >/dev/null; echo $?', setting.folder());
    await setting.moveAway(/^\S*work 400 1 0 late$/);
    expect((await ended).out).toBe("124\n");
    await until(() => setting.guests(/work 400 1 0 late/).length === 0, { within: 5, look: 20 });
  });

  test("is one of 20, and wait -n of its shell gives the status of each", async () => {
    const folder = setting.folder();
    // Of jobs that end at once, bash -c forgets some.
    const script = `for n in {1..20}; do "$WORK" 2 1 $n many 1024 "$GO" >/dev/null & done
for n in {1..20}; do wait -n; echo $?; done >statuses; sort -n statuses | xargs`;
    write(folder, "s.sh", script);
    const { ended } = setting.start("bash s.sh", folder);
    for (const pid of await setting.findAll(/^\S*work 2 1 \d+ many/, 20))
      expect(await setting.pair.move(pid)).toEqual({ at: "AWAY" });
    setting.go(folder);
    const wanted = Array.from({ length: 20 }, (_, index) => index + 1).join(" ");
    expect((await ended).out).toBe(`${wanted}\n`);
  }, 60_000);
});

/** CAP_SYS_RESOURCE, capabilities(7): containers lack it. */
function hasAllCapabilities(): boolean {
  const effective = /^CapEff:\s+(\w+)$/m.exec(setting.read("/proc/self", "status"))?.[1] ?? "0";
  return ((BigInt(`0x${effective}`) >> 24n) & 1n) === 1n;
}
