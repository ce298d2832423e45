import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { constants } from "node:os";
import { Setting, stateOf, write } from "./setting.ts";

let setting: Setting;
beforeAll(async () => {
  setting = await Setting.start();
});
afterAll(async () => await setting.stop());

describe("a process without children moves, and", () => {
  test("its result in a pipe is the one of a run at home", async () => {
    const script = 'set -o pipefail; "$WORK" 20 3 3 leaf | md5sum; echo $?';
    const { ended } = setting.start(script, setting.folder());
    await setting.moveAway(/work 20 3 3 leaf$/);
    const { out, status } = await ended;
    expect({ out, status }).toEqual(await setting.reference(script));
  });

  test("its output is whole when its shell sees its end", async () => {
    const script = '"$WORK" 14 3 5 whole >log; echo $?; wc -l <log; tail -1 log';
    const { ended } = setting.start(script, setting.folder());
    await setting.moveAway(/work 14 3 5 whole$/);
    expect((await ended).out).toBe((await setting.reference(script)).out);
  });

  test("its shell keeps the offset of a shared file", async () => {
    const script = '(echo before; "$WORK" 14 1 4 shared; echo "after $?") >log; cat log';
    const { ended } = setting.start(script, setting.folder());
    await setting.moveAway(/work 14 1 4 shared$/);
    expect((await ended).out).toBe((await setting.reference(script)).out);
  });

  test("reads no more of a shared list than it takes", async () => {
    const folder = setting.folder();
    write(folder, "list", "a\nb\nc\nd\n");
    const python =
      "import os,time\ntime.sleep(1)\nprint(os.read(0,2).decode().strip(), flush=True)\ntime.sleep(.5)";
    write(folder, "read.py", python);
    const { ended } = setting.start("(read a; echo $a; python3 read.py; read c; echo $c) <list", folder);
    await setting.moveAway(/python3? read\.py$/);
    expect((await ended).out).toBe("a\nb\nc\n");
  });

  test.each([0, 1, 2, 42, 126, 127, 128, 200, 255])("ends with status %d", async (status) => {
    const { ended } = setting.start(`"$WORK" 12 1 ${status} status; echo $?`, setting.folder());
    await setting.moveAway(new RegExp(`work 12 1 ${status} status$`));
    expect((await ended).out).toEndWith(`\n${status}\n`);
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
    const script = 'mkdir -p a/b; cd a/b; exec python3 ../../job.py >"$PWD/log"';
    const python = "import os,time\ntime.sleep(1.2)\nopen('made','w').write(f'{os.getuid()} {os.getcwd()}')";
    write(folder, "job.py", python);
    const { ended, child } = setting.start(script, folder, { uid: 1000 });
    await setting.find(/python3? ..\/..\/job\.py$/);
    await Bun.sleep(400);
    const state = await setting.pair.move(child.pid);
    // criu(8) reads the limits of another user's process only where root has all its capabilities.
    if (hasAllCapabilities()) expect(state).toEqual({ at: "AWAY" });
    else expect(state).toMatchObject({ at: "HOME", reason: expect.stringContaining("not permitted") });
    expect((await ended).status).toBe(0);
    expect(setting.read(folder, "a/b/made")).toBe(`1000 ${folder}/a/b`);
    expect(Bun.spawnSync(["stat", "-c", "%u", `${folder}/a/b/made`]).stdout.toString()).toBe("1000\n");
  });

  test("keeps its arguments for ps(1)", async () => {
    const { ended } = setting.start('"$WORK" 14 1 0 "two words" >/dev/null', setting.folder());
    const pid = await setting.moveAway(/work 14 1 0 two words$/);
    const shown = Bun.spawnSync(["ps", "-o", "args=", "-p", String(pid)]).stdout.toString();
    expect(shown).toBe(`${setting.work} 14 1 0 two words\n`);
    await ended;
  });

  test("stops and goes on by kill -STOP and kill -CONT", async () => {
    const { ended } = setting.start('exec "$WORK" 30 1 6 stops', setting.folder());
    const pid = await setting.moveAway(/work 30 1 6 stops$/);
    process.kill(pid, "SIGSTOP");
    await Bun.sleep(100);
    expect(stateOf(pid)).toBe("T");
    process.kill(pid, "SIGCONT");
    expect((await ended).status).toBe(6);
  });

  test("is killed by timeout(1), with its status", async () => {
    const { ended } = setting.start('timeout 2 "$WORK" 400 1 0 late >/dev/null; echo $?', setting.folder());
    await setting.moveAway(/^\S*work 400 1 0 late$/);
    expect((await ended).out).toBe("124\n");
    await Bun.sleep(300);
    expect(setting.guests(/work 400 1 0 late/)).toEqual([]);
  });

  test("is one of 20 that a parent waits for, in whatever order they end", async () => {
    const folder = setting.folder();
    const python = `import os,subprocess
for n in range(1,21): subprocess.Popen([os.environ['WORK'],str(20+n),'1',str(n),'many'],stdout=subprocess.DEVNULL)
print(sorted(os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(20)))`;
    write(folder, "parent.py", python);
    const { ended } = setting.start("exec python3 parent.py", folder);
    for (const pid of await setting.findAll(/work \d+ 1 \d+ many$/, 20))
      expect((await setting.pair.move(pid)).at).not.toBe("HOME");
    expect((await ended).out).toBe(`[${Array.from({ length: 20 }, (_, n) => n + 1).join(", ")}]\n`);
  }, 60_000);

  test("appends to one log with 8 others", async () => {
    const script =
      'for n in {1..8}; do "$WORK" 90 1 0 job$n >>log & done; wait; sort log | md5sum; wc -l <log';
    const { ended } = setting.start(script, setting.folder());
    for (const pid of (await setting.findAll(/work 90 1 0 job\d$/, 8)).slice(0, 5))
      expect(await setting.pair.move(pid)).toEqual({ at: "AWAY" });
    expect((await ended).out).toBe((await setting.reference(script)).out);
  }, 60_000);

  test("python with threads runs on, and starts another program afterwards", async () => {
    const folder = setting.folder();
    const python = `import threading,time,hashlib,subprocess,sys
done=[None]*4
def f(i):
    h=b"%d"%i
    for k in range(200):
        for _ in range(300): h=hashlib.sha256(h).digest()
        time.sleep(.005)
    done[i]=h.hex()[:8]
t=[threading.Thread(target=f,args=(i,)) for i in range(4)]
[x.start() for x in t]; [x.join() for x in t]
print(done, subprocess.run(['echo','child'],capture_output=True,text=True).stdout)
sys.exit(9)`;
    const path = write(folder, "threads.py", python);
    const reference = await setting.reference(`python3 ${path}`);
    const { ended } = setting.start("exec python3 threads.py", folder);
    await setting.moveAway(/python3? threads\.py$/);
    const { out, status } = await ended;
    expect({ out, status }).toEqual(reference);
  });
});

/** CAP_SYS_RESOURCE, capabilities(7): containers lack it. */
function hasAllCapabilities(): boolean {
  const effective = /^CapEff:\s+(\w+)$/m.exec(setting.read("/proc/self", "status"))?.[1] ?? "0";
  return ((BigInt(`0x${effective}`) >> 24n) & 1n) === 1n;
}
