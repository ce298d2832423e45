/** A job of an interactive shell moves: what the person at its terminal sees of it. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Setting, write } from "./setting.ts";

let setting: Setting;
/** screen.c */
let screen = "";
beforeAll(async () => {
  setting = await Setting.start();
  screen = setting.compile("screen", ["test/labs/cases/screen.c"]);
}, 120_000);
afterAll(async () => await setting?.stop());

const READY = /\$ $/;
const CTRL_C = "\x03";
const CTRL_D = "\x04";
const CTRL_Z = "\x1a";
const CTRL_BACKSLASH = "\x1c";

async function shell() {
  const folder = setting.folder();
  const terminal = setting.terminal(folder);
  await terminal.expect(READY);
  return { folder, terminal };
}

describe("a job of an interactive shell moves, and", () => {
  test("jobs, wait and its status are as at home", async () => {
    const { terminal } = await shell();
    await terminal.enter(`${setting.work} 24 1 7 bg 1024 go >log &`, READY);
    await setting.moveAway(/work 24 1 7 bg 1024/);
    await terminal.enter("jobs", /Running +.*work 24 1 7 bg 1024 go > log &/);
    await terminal.enter("wait %1; echo status=$?.", /status=7\./);
  });

  test("in the foreground it writes to the screen, and ends", async () => {
    const { terminal } = await shell();
    terminal.type(`${setting.work} 24 1 7 fg 1024 go\r`);
    await setting.moveAway(/work 24 1 7 fg 1024/);
    const text = await terminal.expect(/fg end \w+/);
    expect(text.match(/fg \d+\r\n/g)).toHaveLength(24);
    expect(await terminal.status()).toBe(7);
  });

  test.each([
    ["C", CTRL_C, 130],
    ["\\", CTRL_BACKSLASH, 131],
  ])("Ctrl-%s ends it", async (_, key, status) => {
    const { terminal } = await shell();
    terminal.type(`${setting.work} 400 1 7 ends.${status} >log\r`);
    await setting.moveAway(new RegExp(`work 400 1 7 ends.${status}$`));
    terminal.type(key);
    expect(await terminal.status()).toBe(status);
  });

  test("Ctrl-C reaches what it has started since", async () => {
    const { terminal, folder } = await shell();
    const child =
      'trap "echo child >made; trap - INT; kill -INT $$" INT; echo up; while :; do sleep .1; done';
    write(folder, "s.sh", `until [ -e go ]; do sleep .1; done; sh -c '${child}'`);
    terminal.type("bash s.sh\r");
    await setting.moveAway(/^bash s\.sh$/);
    setting.go(folder);
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
    terminal.type(`${setting.work} 24 1 7 ahead 1024 go >log\r`);
    await setting.moveAway(/work 24 1 7 ahead 1024/);
    terminal.type("echo typed-$((1 + 1))-ahead\r");
    await terminal.expect(/typed-2-ahead/);
  });

  test("it learns that the window has another size", async () => {
    const { terminal } = await shell();
    terminal.type(`${screen} size\r`);
    await terminal.expect(/set\r\n/);
    await setting.moveAway(/screen size$/);
    terminal.resize(120, 40);
    await terminal.expect(/winch 120 40/);
    terminal.type(CTRL_C);
  });

  test("moved in the background by a command in the foreground, it reads once it is brought there", async () => {
    const { terminal, folder } = await shell();
    await terminal.enter(
      "sh -c 'until [ -e go ]; do sleep 0.1; done; read a; read b; echo got-$a-$b' &",
      READY,
    );
    terminal.type("sleep 1.5\r");
    await setting.find(/^sleep 1\.5$/);
    await setting.moveAway(/^sh -c until/);
    const from = terminal.text.length;
    terminal.type("fg\r");
    await terminal.expect(/sh -c 'until/, 20, from);
    terminal.type("left\r");
    await Bun.sleep(300);
    terminal.type("right\r");
    await terminal.expect(/got-left-right/);
    expect(setting.read(folder, "none")).toBe("");
  });
});

describe("a full-screen program moves, and", () => {
  const MODES = "stty -a | grep -oE '[-]?(icanon|echo|opost|onlcr|isig|extproc)\\b' | xargs; echo shown";

  test.each(["before", "afterwards"])(
    "has set its modes %s: keys come one by one, and the modes of home come back",
    async (when) => {
      const { terminal, folder } = await shell();
      write(folder, "modes", MODES);
      const before = await terminal.enter("sh modes", /shown\r\n/);
      const from = terminal.text.length;
      terminal.type(`${screen} raw\r`);
      await terminal.expect(/begun\r\n/, 20, from);
      if (when === "before") {
        write(folder, "raw", "");
        await terminal.expect(/raw\n/, 20, from);
      }
      await setting.moveAway(/screen raw$/);
      write(folder, "raw", "");
      await terminal.expect(/begun\r\nraw\n/, 20, from);
      for (const [key, code] of Object.entries({
        a: 61,
        [CTRL_C]: "03",
        "\r": "0d",
        [CTRL_D]: "04",
        q: 71,
      })) {
        terminal.type(key);
        await terminal.expect(new RegExp(`key ${code}\\n`), 20, from);
      }
      const text = await terminal.expect(/echo 1/, 20, from);
      // Neither echo nor return is there: home's terminal was raw.
      expect(text).toContain("begun\r\nraw\nkey 61\nkey 03\nkey 0d\nkey 04\nkey 71\ncooked\r\n");
      expect(await terminal.status()).toBe(0);
      const after = await terminal.enter("sh modes", /shown\r\n/);
      expect(after.split("\n").at(-3)).toBe(before.split("\n").at(-3)!);
    },
  );

  test("a moved sh runs stty raw, and stty sane", async () => {
    const { terminal, folder } = await shell();
    const script =
      "until [ -e go ]; do sleep 0.1; done; stty raw -echo; echo now; k=$(dd bs=1 count=1 2>/dev/null)";
    write(folder, "s.sh", `${script}; stty sane; echo key=$k.`);
    terminal.type("sh s.sh\r");
    await setting.moveAway(/^sh s\.sh$/);
    setting.go(folder);
    await terminal.expect(/now\n/);
    terminal.type("x");
    await terminal.expect(/key=x\./);
    expect(await terminal.status()).toBe(0);
  });
});
