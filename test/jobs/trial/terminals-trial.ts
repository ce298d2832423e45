import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Setting, write } from "./setting.ts";

let setting: Setting;
beforeAll(async () => {
  setting = await Setting.start();
});
afterAll(async () => await setting.stop());

const READY = /\$ $/;
const CTRL_C = "\x03";
const CTRL_D = "\x04";
const CTRL_Z = "\x1a";

async function shell() {
  const folder = setting.folder();
  const terminal = setting.terminal(folder);
  await terminal.expect(READY);
  return { folder, terminal };
}

describe("a job of an interactive shell moves, and", () => {
  test("jobs, wait and its status are as at home", async () => {
    const { terminal } = await shell();
    await terminal.enter(`${setting.work} 24 1 7 bg >log &`, READY);
    await setting.moveAway(/work 24 1 7 bg$/);
    await terminal.enter("jobs", /Running +.*work 24 1 7 bg > log &/);
    await terminal.enter("wait %1; echo status=$?.", /status=7\./);
  });

  test("in the foreground it writes to the screen, and ends", async () => {
    const { terminal } = await shell();
    terminal.type(`${setting.work} 24 1 7 fg\r`);
    await setting.moveAway(/work 24 1 7 fg$/);
    const text = await terminal.expect(/fg end \w+/);
    expect(text.match(/fg \d+\r\n/g)).toHaveLength(24);
    expect(await terminal.status()).toBe(7);
  });

  test("Ctrl-C ends it", async () => {
    const { terminal } = await shell();
    terminal.type(`${setting.work} 400 1 7 interrupted >log\r`);
    await setting.moveAway(/work 400 1 7 interrupted$/);
    terminal.type(CTRL_C);
    expect(await terminal.status()).toBe(130);
  });

  test("Ctrl-C reaches what it has started since", async () => {
    const { terminal, folder } = await shell();
    write(
      folder,
      "p.py",
      "import subprocess,time\ntime.sleep(1)\nsubprocess.run(['sh','-c','trap \"echo child >made; exit\" INT; echo up; while :; do sleep .1; done'])",
    );
    terminal.type("python3 p.py\r");
    await setting.moveAway(/python3? p\.py$/);
    await terminal.expect(/up/);
    terminal.type(CTRL_C);
    expect(await terminal.status()).toBe(130);
    expect(setting.read(folder, "made")).toBe("child\n");
  });

  test("Ctrl-Z, bg, fg and Ctrl-C", async () => {
    const { terminal } = await shell();
    terminal.type(`${setting.work} 400 1 7 stops >log\r`);
    await setting.moveAway(/work 400 1 7 stops$/);
    terminal.type(CTRL_Z);
    await terminal.expect(/Stopped/);
    await terminal.enter("bg", /work 400 1 7 stops > log &/);
    await terminal.enter("jobs", /Running/);
    terminal.type("fg\r");
    await Bun.sleep(300);
    terminal.type(CTRL_C);
    expect(await terminal.status()).toBe(130);
  });

  test("as the second program of a pipeline it stops, goes on and ends with the first", async () => {
    const { terminal } = await shell();
    terminal.type(`sleep 1000 | ${setting.work} 400 1 7 second >log\r`);
    await setting.moveAway(/work 400 1 7 second$/);
    terminal.type(CTRL_Z);
    await terminal.expect(/Stopped/);
    await terminal.enter("bg", /work 400 1 7 second > log &/);
    await terminal.enter("jobs", /Running/);
    terminal.type("fg\r");
    await Bun.sleep(300);
    terminal.type(CTRL_C);
    expect(await terminal.status()).toBe(130);
    await terminal.enter("jobs; echo none.", /jobs; echo none\.\r\nnone\./);
  });

  test("it reads lines and their end", async () => {
    const { terminal, folder } = await shell();
    terminal.type("cat -u >read\r");
    await setting.moveAway(/^cat -u$/);
    terminal.type("one\r");
    await Bun.sleep(300);
    terminal.type("two\r");
    await Bun.sleep(300);
    terminal.type(CTRL_D);
    expect(await terminal.status()).toBe(0);
    expect(setting.read(folder, "read")).toBe("one\ntwo\n");
  });

  test("what is typed ahead is for the shell", async () => {
    const { terminal } = await shell();
    terminal.type(`${setting.work} 24 1 7 ahead >log\r`);
    await setting.moveAway(/work 24 1 7 ahead$/);
    terminal.type("echo typed-$((1 + 1))-ahead\r");
    await terminal.expect(/typed-2-ahead/);
  });

  test("it learns that the window has another size", async () => {
    const { terminal, folder } = await shell();
    write(
      folder,
      "size.py",
      "import os,signal,time\nsignal.signal(signal.SIGWINCH,lambda *a: print('winch',*os.get_terminal_size(),flush=True))\nprint('set')\nfor _ in range(100): time.sleep(.1)",
    );
    terminal.type("python3 size.py\r");
    await terminal.expect(/set\r\n/);
    await setting.moveAway(/python3? size\.py$/);
    await Bun.sleep(200);
    terminal.resize(120, 40);
    await terminal.expect(/winch 120 40/);
    terminal.type(CTRL_C);
  });

  test("moved in the background by a command in the foreground, it reads once it is brought there", async () => {
    const { terminal, folder } = await shell();
    await terminal.enter("sh -c 'sleep 2; read a; read b; echo got-$a-$b' &", READY);
    terminal.type("sleep 1.5\r");
    await setting.find(/^sleep 1\.5$/);
    await setting.moveAway(/^sh -c sleep 2; read/);
    terminal.type("fg\r");
    await Bun.sleep(1_500);
    terminal.type("left\r");
    await Bun.sleep(300);
    terminal.type("right\r");
    await terminal.expect(/got-left-right/);
    expect(setting.read(folder, "none")).toBe("");
  });
});

describe("a full-screen program moves, and", () => {
  const RAW = `import sys,tty,termios,os,time
time.sleep(float(sys.argv[1])); saved=termios.tcgetattr(0); tty.setraw(0)
os.write(1,b'raw\\n'); k=b''
while k!=b'q':
    k=os.read(0,10); os.write(1,b'key %r\\n' % k)
termios.tcsetattr(0,termios.TCSADRAIN,saved); print('cooked')
print('echo', bool(termios.tcgetattr(0)[3] & termios.ECHO))
`;
  const MODES = "stty -a | grep -oE '[-]?(icanon|echo|opost|onlcr|isig|extproc)\\b' | xargs; echo shown";

  test.each([
    ["has set its modes before", "0"],
    ["sets its modes afterwards", "1.5"],
  ])("%s: keys come one by one, and the modes of home come back", async (_, delay) => {
    const { terminal, folder } = await shell();
    write(folder, "modes", MODES);
    const before = await terminal.enter("sh modes", /shown\r\n/);
    write(folder, "raw.py", RAW);
    const from = terminal.text.length;
    terminal.type(`python3 raw.py ${delay}\r`);
    await setting.moveAway(/python3? raw\.py/);
    await terminal.expect(/raw\n/, 20, from);
    await Bun.sleep(300);
    for (const key of ["a", CTRL_C, "\r", CTRL_D, "q"]) {
      terminal.type(key);
      await Bun.sleep(300);
    }
    const text = await terminal.expect(/echo True/, 20, from);
    // Neither echo nor return is there: home's terminal was raw.
    expect(text).toContain("raw\nkey b'a'\nkey b'\\x03'\nkey b'\\r'\nkey b'\\x04'\nkey b'q'\ncooked\r\n");
    expect(await terminal.status()).toBe(0);
    const after = await terminal.enter("sh modes", /shown\r\n/);
    expect(after.split("\n").at(-3)).toBe(before.split("\n").at(-3)!);
  });

  test("a moved sh runs stty raw, and stty sane", async () => {
    const { terminal, folder } = await shell();
    write(
      folder,
      "s.sh",
      "sleep 1.2; stty raw -echo; k=$(dd bs=1 count=1 2>/dev/null); stty sane; echo key=$k.",
    );
    terminal.type("sh s.sh\r");
    await setting.moveAway(/^sh s\.sh$/);
    await Bun.sleep(1_500);
    terminal.type("x");
    await terminal.expect(/key=x\./);
    expect(await terminal.status()).toBe(0);
  });

  test("less shows pages of what comes by a pipe", async () => {
    const { terminal, folder } = await shell();
    write(folder, "lines", Array.from({ length: 200 }, (_, n) => `line ${n}\n`).join(""));
    terminal.type("env TERM=xterm less lines\r");
    await terminal.expect(/line 20\r\n/);
    await setting.moveAway(/^less lines$/);
    const from = terminal.text.length;
    terminal.type(" ");
    await terminal.expect(/line 40/, 20, from);
    terminal.type("q");
    expect(await terminal.status()).toBe(0);
  });

  test("vi edits, and writes its file", async () => {
    const { terminal, folder } = await shell();
    terminal.type("env TERM=xterm vi -u NONE text\r");
    await Bun.sleep(800);
    await setting.moveAway(/^vi -u NONE text$/);
    for (const key of ["i", "some words", "\x1b", ":wq\r"]) {
      terminal.type(key);
      await Bun.sleep(400);
    }
    expect(await terminal.status()).toBe(0);
    expect(setting.read(folder, "text")).toBe("some words\n");
  });
});
