/** What a process is to its shell, and its shell to others: each pair of both moves with the result of a run at home. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { Setting, write } from "./setting.ts";
import { Slots } from "./slots.ts";

/** More at once would make each of them slow. */
const AT_ONCE = 4;

const slots = new Slots(AT_ONCE);
let setting: Setting;
beforeAll(async () => {
  setting = await Setting.start();
}, 120_000);
afterAll(async () => await setting?.stop());

/** What starts the shell of a script: session, group and parent of the processes below it depend on that. */
const SHELLS: { readonly [how: string]: string } = {
  "a shell of another's session": "bash s.sh",
  "a shell with job control that leads its session": "setsid --wait bash -m s.sh",
  "a shell that leads its session": "setsid --wait bash s.sh",
  "a shell with job control": "bash -m s.sh",
  "a group of its own in the session": "set -m; bash s.sh & wait $!",
  "a shell under timeout": "timeout 60 bash s.sh",
  "a shell on a terminal of script(1)": "script -qec 'bash s.sh' /dev/null </dev/null | tr -d '\\r'",
  "a shell of xargs": "echo s.sh | xargs bash",
  "a shell of perl": `perl -e 'use POSIX; if (!fork) { POSIX::setsid(); exec "bash", "s.sh"; } wait; print $? >> 8, "\\n"'`,
};

/** The process that moves: it waits in the middle until it has done so. */
const JOB = '"$WORK" 4 1 7 job 1024 "$GO"';

const SCRIPTS: { readonly [what: string]: string } = {
  "that is a simple command": `${JOB}; echo $?`,
  "that is the first of a pipeline": `${JOB} | cat; echo \${PIPESTATUS[@]}`,
  "that is the second of a pipeline": `true | ${JOB}; echo \${PIPESTATUS[@]}`,
  "that is the middle of a pipeline": `seq 3 | ${JOB} | md5sum; echo \${PIPESTATUS[@]}`,
  "that is the last of two in the background": `sleep 0.4 | ${JOB} & wait $!; echo $?`,
  "under nohup": `nohup ${JOB} 2>/dev/null; echo $?`,
  "under timeout": `timeout 50 ${JOB}; echo $?`,
  "under timeout, which ends it": 'timeout 10 "$WORK" 2000 1 7 job 1024 "$GO" >/dev/null; echo $?',
  "under setsid": `setsid --wait ${JOB}; echo $?`,
  // The shell does not wait for a process of such a substitution.
  "behind a process substitution": `${JOB} > >(md5sum >s; mv s o); s=$?; until [ -e o ]; do sleep 0.05; done; echo $s`,
  "of a command substitution": `x=$(${JOB} | md5sum); echo $x`,
  "of a loop that reads": `seq 2 | while read n; do "$WORK" 4 1 $n job 1024 "$GO"; echo $n $?; done`,
  "whose shell is gone": `(${JOB} >o; echo $? >>o) & exec 2>/dev/null; sleep 0.1; exit 3`,
  "whose parent is gone, in a pipeline": `(true | ${JOB} >o &); until grep -q end o; do sleep 0.05; done; cat o`,
  "of a coprocess": `coproc ${JOB}; p=$COPROC_PID; cat <&\${COPROC[0]}; wait $p; echo $?`,
};

/** Runs a script below a shell; gives all that is to be seen of it once the last of its processes has ended. */
async function run(shell: string, script: string, moves: boolean) {
  const folder = setting.folder();
  write(folder, "s.sh", script);
  const { ended } = setting.start(`${shell}; echo status $?`, folder);
  // It is ended by timeout(1), and by no file.
  if (moves) await setting.moveAway(new RegExp(`^\\S*work \\d+ 1 \\d job 1024 ${folder}/go$`));
  if (!script.startsWith("timeout 10 ")) setting.go(folder);
  const { out, status } = await ended;
  await setting.untilLeft(folder);
  // bash(1) says at its start that it has no terminal, and which group it is.
  return { out: out.replace(/ group \(\d+\)/, ""), status, kept: setting.read(folder, "o") };
}

/** These alone are there with every shell, and all with the first two. */
const WITH_EVERY_SHELL = [
  "that is a simple command",
  "that is the middle of a pipeline",
  "that is the last of two in the background",
  "under setsid",
];
const PAIRS = Object.entries(SHELLS).flatMap(([how, shell], index) =>
  Object.entries(SCRIPTS)
    .filter(([what]) => index < 2 || WITH_EVERY_SHELL.includes(what))
    .map(([what, script]) => ({ how, shell, what, script })),
);

test.concurrent.each(PAIRS)(
  "below $how a process $what moves",
  async ({ shell, script }) => {
    const [atHome, moved] = await slots.use(() =>
      Promise.all([run(shell, script, false), run(shell, script, true)]),
    );
    expect(moved).toEqual(atHome);
    expect(moved.out).toContain("status ");
  },
  120_000,
);
