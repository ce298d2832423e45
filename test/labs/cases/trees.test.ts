/** A process with children moves at its root, with all of them. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../lib/until.ts";
import { Setting, write } from "./setting.ts";

let setting: Setting;
beforeAll(async () => {
  setting = await Setting.start();
}, 120_000);
afterAll(async () => await setting?.stop());

/** Moves the root of a script, and compares all that it prints with a run at home; the script is named s.sh. */
async function compare(script: string) {
  const run = async (moves: boolean) => {
    const folder = setting.folder();
    write(folder, "s.sh", script);
    const { ended } = setting.start("setsid --wait bash s.sh; echo status $?", folder);
    if (moves) await setting.moveAway(/^bash s\.sh$/, folder);
    else setting.go(folder);
    const { out, status } = await ended;
    return { out, status };
  };
  const [atHome, moved] = await Promise.all([run(false), run(true)]);
  expect(moved).toEqual(atHome);
}

describe("a process with children moves at its root, and", () => {
  test("a script with pipelines goes on: forks, execs, waits", async () => {
    await compare(`set -o pipefail
for i in 1 2 3; do "$WORK" 4 2 $i s$i $HOLD | md5sum; echo "$? $(date +done)"; done
exit 6`);
  });

  test("keeps $$ and $PPID", async () => {
    const folder = setting.folder();
    write(
      folder,
      "s.sh",
      'a="$$ $PPID"; "$WORK" 4 1 0 w $HOLD >/dev/null; [ "$a" = "$$ $(cut -d\\  -f4 /proc/$$/stat)" ] && echo same',
    );
    const { ended } = setting.start("bash s.sh; exit $?", folder);
    await setting.moveAway(/^bash s\.sh$/);
    expect((await ended).out).toBe("same\n");
  });

  test("waits for children in the background", async () => {
    await compare(
      'for n in 1 2 3 4; do "$WORK" $((12 + n)) 1 $n bg$n $HOLD >out$n & p="$p $!"; done; for q in $p; do wait $q; echo $?; done; tail -qn1 out?',
    );
  });

  test("a trap of EXIT runs at its end", async () => {
    await compare("trap 'echo trapped >&2' EXIT\n\"$WORK\" 4 1 0 w $HOLD | tail -1; exit 3");
  });

  test("a trap of TERM runs where the root is killed", async () => {
    const folder = setting.folder();
    write(
      folder,
      "s.sh",
      'trap "echo cleaned; exit 5" TERM; for n in {1..50}; do "$WORK" 4 1 0 w >/dev/null; done',
    );
    const { ended } = setting.start("bash s.sh; echo $?", folder);
    process.kill(await setting.moveAway(/^bash s\.sh$/), "SIGTERM");
    expect((await ended).out).toBe("cleaned\n5\n");
  });

  test("kill -- -PGID reaches every process of the group", async () => {
    const folder = setting.folder();
    const trap = (name: string) =>
      `trap "echo ${name} >>../traps; exit 0" USR1; echo >>../ready; while :; do sleep 0.1; done`;
    write(folder, "s.sh", `(${trap("one")}) & (${trap("two")}) & ${trap("root")}`);
    const group = setting.start("mkdir -p a; cd a; set -m; bash ../s.sh & wait $!; echo $?", folder);
    await until(() => setting.read(folder, "ready") === "\n\n\n", { look: 20 });
    const pid = await setting.moveAway(/^bash \.\.\/s\.sh$/);
    process.kill(-pid, "SIGUSR1");
    expect((await group.ended).out).toEndWith("0\n");
    const trapped = () => setting.read(folder, "traps").split("\n").sort().join(" ").trim();
    await until(() => trapped() === "one root two", { within: 10, look: 20 });
  });

  test("kill PID reaches its root alone", async () => {
    const folder = setting.folder();
    write(folder, "s.sh", '(trap "echo child" USR1; sleep 2; wait) & trap "echo root" USR1; wait; wait');
    const { ended } = setting.start("set -m; bash s.sh & wait", folder);
    process.kill(await setting.moveAway(/^bash s\.sh$/), "SIGUSR1");
    expect((await ended).out).toStartWith("root\n");
    expect((await ended).out).not.toContain("child");
  });

  test("kill 0 within it ends it all", async () => {
    await compare(
      '"$WORK" 300 1 0 child >/dev/null & "$WORK" 4 1 0 w $HOLD >/dev/null; trap "echo got; exit 4" TERM; kill 0; wait',
    );
  });

  test("a subshell of a shell goes alone", async () => {
    const folder = setting.folder();
    const script = '(echo before; bash s.sh; echo "after $?") >log; cat log';
    write(folder, "s.sh", '"$WORK" 4 1 3 a $HOLD | tail -1; "$WORK" 3 1 7 b | tail -1; exit 8');
    setting.go(folder);
    const reference = await setting.start(script, folder).ended;
    rmSync(join(folder, "go"));
    const { ended } = setting.start(script, folder);
    await setting.moveAway(/^bash s\.sh$/);
    expect((await ended).out).toBe(reference.out);
  });

  test("make -j4 goes as a whole, with its jobserver", async () => {
    const folder = setting.folder();
    const targets = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `o${n}`).join(" ");
    write(
      folder,
      "Makefile",
      `all: ${targets}\n\tcat ${targets} | md5sum\n%:\n\t@$(WORK) 4 1 0 $@ $(HOLD) >$@\n`,
    );
    const { ended } = setting.start("make -s -j4; echo $?", folder);
    await setting.moveAway(/^make -s -j4$/);
    const out = (await ended).out;
    Bun.spawnSync(["sh", "-c", "rm o?"], { cwd: folder });
    expect(out).toBe((await setting.start("make -s -j4; echo $?", folder).ended).out);
  }, 60_000);

  test("a child that alone holds a pipe to others keeps it home", async () => {
    const folder = setting.folder();
    write(folder, "s.sh", '"$WORK" 4 1 0 w $HOLD & exec >/dev/null; wait');
    const { ended } = setting.start("bash s.sh | tail -1", folder);
    const pid = await setting.find(/^bash s\.sh$/);
    await Bun.sleep(300);
    const state = await setting.pair.move(pid);
    expect(state).toMatchObject({
      at: "HOME",
      reason: expect.stringMatching(/^a child of it alone shares pipe:/),
    });
    setting.go(folder);
    expect((await ended).out).toStartWith("w end");
  });

  test("a tree with a deputy in it is refused", async () => {
    const folder = setting.folder();
    write(folder, "s.sh", '"$WORK" 4 1 3 inner 1024 "$PWD/inner" >/dev/null; echo $?');
    const { ended } = setting.start("bash s.sh; exit $?", folder);
    const inner = await setting.moveAway(/work 4 1 3 inner 1024/);
    const state = await setting.pair.move(await setting.find(/^bash s\.sh$/));
    write(folder, "inner", "");
    expect(state).toEqual({ at: "HOME", reason: `has the child ${inner} (work), which is away already` });
    expect((await ended).out).toBe("3\n");
  });

  test("a daemon without a terminal, which leads its session, moves", async () => {
    const { ended } = setting.start('setsid --wait "$WORK" 4 1 9 daemon $HOLD; echo $?', setting.folder());
    await setting.moveAway(/^\S*work 4 1 9 daemon 1024/);
    expect((await ended).out).toEndWith("\n9\n");
  });
});
