import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Setting, write } from "./setting.ts";

let setting: Setting;
beforeAll(async () => {
  setting = await Setting.start();
});
afterAll(async () => await setting.stop());

/** What starts the shell of a script: session, group and parent of the processes below it depend on that. */
const SHELLS: { readonly [how: string]: string } = {
  "a shell of another's session": "bash s.sh",
  "a shell that leads its session": "setsid --wait bash s.sh",
  "a shell with job control": "bash -m s.sh",
  "a shell with job control that leads its session": "setsid --wait bash -m s.sh",
  "a group of its own in the session": "set -m; bash s.sh & wait $!",
  "a shell under timeout": "timeout 60 bash s.sh",
  "a shell on a terminal of script(1)": "script -qec 'bash s.sh' /dev/null </dev/null | tr -d '\\r'",
  "a shell of xargs": "echo s.sh | xargs bash",
  "a shell of python": `python3 -c 'import subprocess as s; print(s.call(["bash","s.sh"],start_new_session=True))'`,
};

/** The process that moves is named job. */
const SCRIPTS: { readonly [what: string]: string } = {
  "that is a simple command": '"$WORK" 20 1 7 job; echo $?',
  "that is the first of a pipeline": `"$WORK" 20 1 7 job | cat; echo \${PIPESTATUS[@]}`,
  "that is the second of a pipeline": `true | "$WORK" 20 1 7 job; echo \${PIPESTATUS[@]}`,
  "that is the middle of a pipeline": `seq 3 | "$WORK" 20 1 7 job | md5sum; echo \${PIPESTATUS[@]}`,
  "that is the last of two in the background": 'sleep 1.5 | "$WORK" 20 1 7 job & wait $!; echo $?',
  "under nohup": 'nohup "$WORK" 20 1 7 job 2>/dev/null; echo $?',
  "under timeout": 'timeout 50 "$WORK" 20 1 7 job; echo $?',
  "under timeout, which ends it": 'timeout 2 "$WORK" 2000 1 7 job >/dev/null; echo $?',
  "under setsid": 'setsid --wait "$WORK" 20 1 7 job; echo $?',
  "behind a process substitution": '"$WORK" 20 1 7 job > >(md5sum); wait $!; echo $?',
  "of a command substitution": 'x=$("$WORK" 20 1 7 job | md5sum); echo $x',
  "of a loop that reads": 'seq 2 | while read n; do "$WORK" 12 1 $n job; echo $n $?; done',
  "whose shell is gone": '("$WORK" 20 1 7 job >o; echo $? >>o) & exec 2>/dev/null; sleep 0.1; exit 3',
  "whose parent is gone, in a pipeline": '(true | "$WORK" 20 1 7 job >o &) ; sleep 3; cat o',
  "of a coprocess": `coproc "$WORK" 20 1 7 job; p=$COPROC_PID; cat <&\${COPROC[0]}; wait $p; echo $?`,
};

describe.each(Object.entries(SHELLS))("below %s", (_, shell) => {
  test.each(Object.entries(SCRIPTS))("a process %s moves", async (_, script) => {
    const runs = [];
    for (const moves of [false, true]) {
      const folder = setting.folder();
      write(folder, "s.sh", script);
      const { ended } = setting.start(`${shell}; echo status $?`, folder);
      if (moves) await setting.moveAway(/work \d+ 1 \d job$/);
      const { out, status } = await ended;
      while (setting.has(/work \d+ 1 \d job$/)) await Bun.sleep(20);
      runs.push({ out, status, kept: setting.read(folder, "o") });
    }
    expect(runs[1]).toEqual(runs[0]!);
  });
});
