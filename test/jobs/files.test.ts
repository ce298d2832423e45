import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openView } from "../../cluster/files/view.ts";
import { freePort } from "../lib/port.ts";
import { Programs } from "./compile.ts";
import { SharedFiles } from "./shared-files.ts";

const programs = new Programs();
let program = "";
let files: SharedFiles;
/** A user whom the password file need not have. */
const USER = 54_321;
let port = 0;

beforeAll(() => {
  program = programs.deputy("sanitized");
});
afterAll(() => programs.remove());
beforeEach(async () => {
  port = freePort();
  files = new SharedFiles(programs, program, port);
  await files.open();
  for (const path of [files.folder, files.home, join(files.folder, "views")]) chmodSync(path, 0o755);
});
afterEach(async () => await files.close());

const atHome = (name: string) => join(files.home, name);
const inView = (name: string) => join(files.view, name);

describe("a view of home", () => {
  test("shows folders, files, links, modes and times as home has them", async () => {
    await files.run("mkdir -p a/b; echo text >a/b/file; ln -s b a/link; ln a/b/file twin; chmod 640 twin");
    await files.run("touch -d '2001-02-03 04:05:06.5' twin; mkfifo fifo; truncate -s 10M twin");
    const list = 'find . -printf "%p %y %m %n %s %T@ %l %i\\n" | grep -v hidden | sort';
    const { out } = await files.run(list);
    const { out: own } = await files.run(`cd "$HOME"; ${list}`);
    expect(out).toBe(own);
    expect(out).toContain("./twin f 640 2 10485760 ");
  });

  test("lists a folder of many files whole, and no file twice", async () => {
    await files.run('mkdir many; cd "$HOME/many"; touch file-with-a-longer-name-{1..3000}');
    expect((await files.run("ls many | wc -l; ls many | sort -u | wc -l")).out).toBe("3000\n3000\n");
    expect((await files.run("rm -r many; ls")).out).toBe("hidden\n");
  });

  test("has what is written at once at home, and the other way", async () => {
    const { out } = await files.run(
      'for n in {1..50}; do echo $n >x; cat "$HOME/x"; echo b$n >"$HOME/x"; cat x; done',
    );
    expect(out).toBe(Array.from({ length: 50 }, (_, n) => `${n + 1}\nb${n + 1}\n`).join(""));
  });

  test("has what is below /usr as packages have installed it, for up to ten seconds, and everything else as it is", async () => {
    const sizes = "stat -c %s usr/lib/x usr/local/x open/x x | xargs";
    const { out } = await files.run(`(cd "$HOME"; mkdir -p usr/lib usr/local open; chmod 777 open; umask 022
        for f in usr/lib/x usr/local/x open/x x; do echo old >$f; done); sleep 3.1; ${sizes}
        (cd "$HOME"; for f in usr/lib/x usr/local/x open/x x; do echo newer >$f; done); ${sizes}
        until [ $(stat -c %s usr/lib/x) = 6 ]; do sleep 0.2; done; cat usr/lib/x`);
    expect(out).toBe("4 4 4 4\n4 6 6 6\nnewer\n");
  });

  test("takes 8 appenders on both sides without losing a line", async () => {
    const append = (to: string) => `for n in {1..200}; do echo ${"line".repeat(9)} >>${to}; done & `;
    await files.run(`${append("log").repeat(4)}${append('"$HOME/log"').repeat(4)}wait`);
    const lines = readFileSync(atHome("log"), "utf8").trimEnd().split("\n");
    expect(lines.length).toBe(1_600);
    expect(new Set(lines).size).toBe(1);
  });

  test("keeps an open file through mv and rm, wherever these are done", async () => {
    writeFileSync(atHome("old"), "one\ntwo\nthree\n");
    const script = `exec 5<old 6>>old; read a <&5; mv "$HOME/old" "$HOME/new"; read b <&5; rm "$HOME/new"
      read c <&5; echo $a $b $c; echo four >&6; read d <&5; echo $d; stat -L -c %h /proc/self/fd/5; ls old new`;
    expect((await files.run(script)).out).toMatch(/^one two three\nfour\n0\nls: .*old.*\nls: .*new.*\n$/);
  });

  test("has a new file under a name whose old file is still open", async () => {
    const script =
      'echo old >log; exec 5<log; mv "$HOME/log" "$HOME/log.1"; echo new >"$HOME/log"; cat log <&5; cat <&5';
    expect((await files.run(script)).out).toBe("new\nold\n");
  });

  test("is followed by tail -f at home", async () => {
    writeFileSync(atHome("log"), "");
    const tail = Bun.spawn(["tail", "-f", atHome("log")], { stdio: ["ignore", "pipe", "ignore"] });
    const reader = tail.stdout.getReader();
    await files.run("echo from abroad >>log");
    expect(Buffer.from((await reader.read()).value!).toString()).toBe("from abroad\n");
    tail.kill();
  });

  test("gives each user his own rights, by number", async () => {
    writeFileSync(atHome("secret"), "for root", { mode: 0o600 });
    mkdirSync(atHome("open"));
    chmodSync(atHome("open"), 0o1777);
    const { out } = await files.run(
      "cat secret; echo mine >open/mine; chown 0 open/mine; test -w secret; echo $?",
      USER,
    );
    expect(out).toMatch(/secret: Permission denied\n.*Operation not permitted\n1\n$/);
    const { uid, gid } = statSync(atHome("open/mine"));
    expect([uid, gid]).toEqual([USER, USER]);
    expect((await files.run("rm -f open/root; touch open/root; stat -c %u:%g open/root")).out).toBe("0:0\n");
    expect((await files.run("rm -f open/root", USER)).out).toContain("Operation not permitted");
  });

  test("runs programs, and maps files into memory", async () => {
    const python = `import mmap
f=open('map','r+b'); m=mmap.mmap(f.fileno(),0); print(m[:4]); m[0:4]=b'NEWS'; m.flush(); print(open('map','rb').read(4))`;
    writeFileSync(atHome("map"), "old text".repeat(10_000));
    const { out } = await files.run(
      `cp "$(command -v md5sum)" .; ./md5sum <md5sum; md5sum <md5sum; python3 -c "${python}"`,
    );
    const [first, second, ...rest] = out.trimEnd().split("\n");
    expect(first).toBe(second);
    expect(rest).toEqual(["b'old '", "b'NEWS'"]);
    expect(readFileSync(atHome("map"), "utf8").slice(0, 8)).toBe("NEWStext");
  });

  test("has one set of locks with home", async () => {
    const lockf = (path: string, kind: string) =>
      `python3 -c "import fcntl;f=open('${path}','r+');fcntl.lockf(f,fcntl.LOCK_EX|${kind},10,5);print('locked',flush=True);input()"`;
    writeFileSync(atHome("file"), "content");
    const script = `coproc ${lockf("file", "0")}; read l <&\${COPROC[0]}; echo $l; ${lockf(atHome("file"), "fcntl.LOCK_NB")} 2>&1 | tail -1
      echo >&\${COPROC[1]}; wait; echo | ${lockf(atHome("file"), "fcntl.LOCK_NB")}
      exec 7<file; flock 7; flock -n "$HOME/file" true; echo $?; exec 7<&-; flock "$HOME/file" echo free`;
    const { out } = await files.run(script);
    expect(out).toMatch(/^locked\n.*Resource temporarily unavailable\nlocked\n.*1\nfree\n$/s);
  });

  test("waits for a lock, and gives up waiting by a signal", async () => {
    const script = `exec 7<"$HOME/file"; flock 7; timeout 0.3 flock file true; echo $?
      (exec 7<&-; flock file echo got) & sleep 0.2; echo release; exec 7<&-; wait`;
    writeFileSync(atHome("file"), "");
    expect((await files.run(script)).out).toBe("124\nrelease\ngot\n");
  });

  test("shows nothing of what is hidden, and lets nobody put anything there", async () => {
    writeFileSync(atHome("hidden/key"), "secret");
    const { out } = await files.run(
      "ls -A hidden; cat hidden/key; touch hidden/new; chmod 777 hidden; mv x hidden/x",
    );
    expect(out).not.toContain("secret\n");
    expect(out.match(/No such file|Permission denied/g)?.length).toBe(4);
    expect(statSync(atHome("hidden")).mode & 0o777).toBe(0o755);
  });

  test("is refused nothing that the same disk would allow", async () => {
    const script = `dd if=/dev/zero of=big bs=1M count=20 status=none; cp --sparse=always big "$HOME/copy"; cmp big copy
      fallocate -l 4M big2; stat -c %s big2; mkdir d; mv d e; rmdir e; ln -s x y; readlink y; mv -T --exchange y z 2>/dev/null
      echo ok >a; mv -n a b; cat b; sync b; df . | wc -l; rm -f [a-z] big* copy`;
    expect((await files.run(script)).out).toBe("4194304\nx\nok\n2\n");
  });
});

describe("when a home is lost", () => {
  test("whoever reads there gets an error at once, and the folder is free again", async () => {
    writeFileSync(atHome("file"), "x");
    const reader = files.start("exec 5<file; sleep 0.5; cat <&5; ls; ls /; true");
    await Bun.sleep(200);
    await files.server.stop();
    const out = await new Response(reader.stdout).text();
    expect(out).toMatch(/not connected|Input\/output error|connection abort/i);
    expect(existsSync(inView("file"))).toBe(false);
  });

  test("forgetting it ends those who wait for a server that says nothing", async () => {
    const pids = Bun.spawnSync(["pgrep", "-f", `port=${port} root=`])
      .stdout.toString()
      .trim()
      .split("\n");
    for (const pid of pids) process.kill(Number(pid), "SIGSTOP");
    const reader = files.start("ls hidden");
    const out = new Response(reader.stdout).text();
    await Bun.sleep(300);
    const codeBefore = reader.exitCode;
    files.views.forget("127.0.0.1");
    const code = await reader.exited;
    for (const pid of pids) process.kill(Number(pid), "SIGCONT");
    expect([codeBefore, code]).toEqual([null, 2]);
    expect(await out).not.toBe("");
  });

  test("the next guest has a new view", async () => {
    await files.server.stop();
    await Bun.sleep(300);
    await files.server.start("127.0.0.1");
    files.view = await files.views.rootFor({ address: "127.0.0.1", image: "" });
    expect((await files.run("ls")).out).toBe("hidden\n");
  });
});

describe("the server of files", () => {
  const mfs = async () => {
    mkdirSync(join(files.folder, "mfs"), { recursive: true });
    return await openView({
      ...{ address: "127.0.0.1", target: join(files.folder, "mfs"), kind: "mfs", port },
      program: programs.named(program, "clump-view"),
    });
  };

  test("is closed and opened for /mfs, and serves guests in any case", async () => {
    const view = await mfs();
    files.server.allowMfs(false);
    expect((await files.run(`ls ${files.folder}/mfs`)).out).toMatch(/not connected|error|abort/i);
    await view.exited;
    expect((await files.run("ls")).out).toBe("hidden\n");
    expect(mfs()).rejects.toThrow(
      "Cannot see the files of 127.0.0.1: it lets nobody see its files (mosctl nomfs)",
    );
    files.server.allowMfs(true);
    const again = await mfs();
    expect((await files.run(`ls ${files.folder}/mfs`)).out).toBe("hidden\n");
    again.kill();
    await again.exited;
  });

  test("hangs up on whoever is not root of another node", async () => {
    const socket = await Bun.connect({
      ...{ hostname: "127.0.0.1", port },
      socket: {
        data() {},
        open: (opened) => void opened.write("clump-files 1 view\n"),
        close: () => closed.resolve(),
      },
    });
    const closed = Promise.withResolvers<void>();
    await closed.promise;
    socket.end();
  });

  test("says that its address is in use", async () => {
    const second = new SharedFiles(programs, program, port);
    expect(second.open()).rejects.toThrow(
      `Cannot serve files at 127.0.0.1 port ${port}: Address already in use`,
    );
    await second.close();
  });
});
