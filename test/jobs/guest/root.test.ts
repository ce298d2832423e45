import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { listSources } from "../../../assets/build/static-program.ts";
import { FileServer } from "../../../cluster/files/file-server.ts";
import { HomeViews } from "../../../cluster/files/home-views.ts";
import { joinGroup } from "../../../cluster/migration/arrival/guests-group.ts";
import { childrenOf, hasEnded } from "../../../probes/processes/process.ts";
import { linuxMounts } from "../../../system/kernel/linux-mounts.ts";
import { RUN_FOLDER } from "../../../system/state/paths.ts";
import { freePort } from "../../lib/port.ts";
import { Programs } from "../compile.ts";
import { Groups } from "../groups.ts";

const ADDRESS = "127.0.0.1";
const IMAGE = "digest";
const KERNEL_FACTS = "/run/criu.kdat";
const port = freePort();
const programs = new Programs();
const folder = mkdtempSync(join(tmpdir(), "guest-root-"));
/** As on a node: below what the home hides. */
const images = join(RUN_FOLDER, `guest-root-test-${process.pid}/job`);
let supervisor = "";
let gate = "";
let server: FileServer;
let views: HomeViews;
/** Of a node that runs the image of that home. */
let sameImage: HomeViews;
let root = "";
let groups: Groups;

beforeAll(async () => {
  const program = programs.deputy("small");
  supervisor = programs.named(program, "clump-guest");
  gate = programs.named(program, "clump-gate");
  mkdirSync(images, { recursive: true });
  writeFileSync(join(RUN_FOLDER, `guest-root-test-${process.pid}/secret`), "");
  server = new FileServer({
    ...{ program: programs.named(program, "clump-files"), port, servesSelf: true },
    closed: join(folder, "closed"),
  });
  await server.start(ADDRESS);
  const reach = { to: async (address: string) => address };
  const shared = { reach, kernel: linuxMounts, port, program: programs.named(program, "clump-view") };
  views = new HomeViews({ ...shared, image: "", folder: join(folder, "views") });
  sameImage = new HomeViews({ ...shared, image: IMAGE, folder: join(folder, "same") });
  groups = new Groups();
  root = await views.rootFor({ address: ADDRESS, image: "" });
});
afterAll(async () => {
  views.forget(ADDRESS);
  sameImage.forget(ADDRESS);
  await server.stop();
  programs.remove();
  rmdirSync(group());
  groups.remove();
  rmSync(folder, { recursive: true, force: true });
  rmSync(dirname(images), { recursive: true, force: true });
});

/** Says of each connection, "udp/ADDRESS", by which error it fails. */
const REACH = `import errno, socket, sys
for word in sys.argv[1:]:
  protocol, address = word.split("/")
  kind = socket.SOCK_DGRAM if protocol == "udp" else socket.SOCK_STREAM
  family = socket.AF_INET6 if ":" in address else socket.AF_INET
  try:
    one = socket.socket(family, kind)
    one.sendto(b"x", (address, 9)) if protocol == "udp" else one.connect((address, 9))
    print("reached")
  except OSError as error:
    print(errno.errorcode[error.errno])`;

/** For pids above 30000. */
const IMAGES_ARE_WHOLE = Buffer.from("30000\n");

const group = () => join(groups.path, `guests-${process.pid}`);

const NUMBERS = { pid: 4_242, parent: 4_241, group: 4_242, session: 4_240 };

/** The command of a supervisor; shell stands where criu(8) would restore the guest. */
function supervise(script: string, numbers = NUMBERS): string[] {
  const criu = join(folder, "criu");
  // It is started before there are images, and its options end when they are whole.
  writeFileSync(criu, `#!/bin/sh\ncat "\${15}"\nexec >${images}/seen 2>&1\n${script}\nexit 1\n`);
  chmodSync(criu, 0o755);
  const words = { socket: "/none", job: "j", images, root, criu, gate: "/bin/true", guests: group() };
  const named = Object.entries({ ...words, ...numbers }).map(([name, value]) => `${name}=${value}`);
  return [supervisor, ...named, "hostname=home-of-it", "terminal=0"];
}

/** What shell prints there. With `limited` it waits until it is in the group of guests, where the daemon puts it. */
async function seeAsGuest(script: string, limited = false, numbers = NUMBERS): Promise<string> {
  const go = join(images, "go");
  const waits = limited ? `until test -e ${go}; do sleep 0.1; done\n` : "";
  rmSync(join(images, "seen"), { force: true });
  const child = Bun.spawn(supervise(`${waits}${script}`, numbers), {
    stdio: [IMAGES_ARE_WHOLE, "ignore", "ignore"],
  });
  if (limited) {
    while (!existsSync(join(images, "seen"))) await Bun.sleep(20);
    joinGroup(group(), child.pid);
    writeFileSync(go, "");
  }
  await child.exited;
  rmSync(go, { force: true });
  return readFileSync(join(images, "seen"), "utf8");
}

test("criu(8) begins before there are images, with a number that none of them has", async () => {
  expect(await seeAsGuest("echo $$")).toBe("20101\n");
  writeFileSync(join(images, "core-20101.img"), "");
  expect(await seeAsGuest("echo $$")).toBe("30001\n");
  rmSync(join(images, "core-20101.img"));
});

describe("the root of a guest", () => {
  test("is its home's, with devices that lead to no hardware", async () => {
    expect(
      await seeAsGuest("stat -f -c %T /; ls -mw 0 /dev; echo x >/dev/null; head -c 2 /dev/zero | wc -c"),
    ).toMatch(
      /^fuse\w*\nfd, full, null, ptmx, pts, random, shm, stderr, stdin, stdout, tty, urandom, zero\n2\n$/,
    );
  });

  test("has terminals of its own", async () => {
    expect(
      await seeAsGuest("ls -mw 0 /dev/pts; readlink /proc/self/fd/0; cat /proc/sys/kernel/hostname"),
    ).toBe("0, ptmx\n/dev/pts/0\nhome-of-it\n");
  });

  test("has the images of the guest, and nothing else of the node's state", async () => {
    expect(await seeAsGuest(`find ${RUN_FOLDER} -mindepth 1; ls -A /sys`)).toBe(
      `${dirname(images)}\n${images}\n${images}/seen\n`,
    );
  });

  test("has the guest's processes alone, with the numbers of its home", async () => {
    expect(await seeAsGuest("ls /proc | grep '^[0-9]' | grep -c '^[1-4]...$'; echo $PPID")).toBe("2\n4241\n");
  });

  // 0 is what has no number in a container, and 1 its process 1.
  test.each([0, 1])("has a leader of group and session also where that is %d at home", async (leader) => {
    const numbers = { ...NUMBERS, group: leader, session: leader };
    expect(await seeAsGuest("cut -d' ' -f5,6 /proc/$$/stat", false, numbers)).toBe("4241 4241\n");
  });

  const SHELL = NUMBERS.parent;
  test.each([
    ["of a pipeline whose shell leads the session", { group: 4_239, session: SHELL }, "4239 4241"],
    ["of a pipeline whose shell does not lead it", { group: 4_239 }, "4239 4240"],
    ["of a pipeline in a session from outside", { group: 4_239, session: 0 }, "4239 4241"],
    ["of a pipeline whose shell is gone", { parent: 1, group: 4_239 }, "4239 4240"],
    ["of its parent", { group: SHELL }, "4241 4240"],
    ["of a leader", { group: 4_240 }, "4240 4240"],
    [
      "of process 1, with the first number of a container,",
      { pid: 2, parent: 1, group: 2, session: 1 },
      "20000 20000",
    ],
  ])("restores into the group %s", async (_, numbers, wanted) => {
    const seen = await seeAsGuest("cut -d' ' -f5,6 /proc/$$/stat", false, { ...NUMBERS, ...numbers });
    expect(seen).toBe(`${wanted}\n`);
  });

  test("has no other mount below it than those of the guest", async () => {
    const mounts = (await seeAsGuest("cut -d' ' -f2,3 /proc/mounts")).trimEnd().split("\n");
    expect(mounts[0]).toBe("/ fuse.clump");
    const types = mounts.slice(1).filter((line) => !/^\/(dev|proc|run\/(clump|criu\.kdat))/.test(line));
    expect(types).toEqual([]);
  });

  test("has what criu(8) has found out of home's kernel only where both run the same image", async () => {
    const had = existsSync(KERNEL_FACTS);
    // More behind it changes nothing for the criu of this machine.
    appendFileSync(KERNEL_FACTS, "x");
    const bytes = async () => Number(await seeAsGuest(`wc -c <${KERNEL_FACTS}`));
    const another = root;
    try {
      expect(await bytes()).toBe(0);
      root = await sameImage.rootFor({ address: ADDRESS, image: IMAGE });
      expect(await bytes()).toBeGreaterThan(0);
    } finally {
      root = another;
      if (!had) rmSync(KERNEL_FACTS, { force: true });
    }
  });

  test.each([
    "/proc/sys/kernel/core_pattern",
    "/proc/sys/kernel/hostname",
    "/proc/sys/vm/drop_caches",
    "/proc/sysrq-trigger",
    "/proc/irq/default_smp_affinity",
  ])("does not let root write %s", async (path) => {
    // The gate has nobody who waits for it; it has taken the powers before it finds that out.
    const passes = `CRTOOLS_SCRIPT_ACTION=post-restore CRTOOLS_IMAGE_DIR=${images} ${gate}`;
    const writes = `test -e ${path} || echo Read-only; echo >${path}`;
    expect(await seeAsGuest(`${passes}; ${writes}`)).toContain("Read-only");
  });

  test("has no way to what listens on the loopback or in the tunnel, and has one to other addresses", async () => {
    const closed =
      "tcp/127.0.0.1 tcp/127.3.2.1 tcp/0.0.0.0 udp/127.0.0.1 tcp/::1 udp/::1 tcp/::ffff:127.0.0.1 udp/fd00::1";
    // Addresses for documentation, RFC 5737: nobody answers, and a network may be absent.
    const open = "udp/192.0.2.1 udp/::ffff:192.0.2.1";
    const answers = (await seeAsGuest(`python3 -c '${REACH}' ${closed} ${open}`, true)).trimEnd().split("\n");
    expect(answers.slice(0, 8)).toEqual(Array(8).fill("EPERM"));
    expect(answers).toHaveLength(10);
    expect(answers.slice(8)).not.toContain("EPERM");
  });
});

test("criu(8) is told to restore without breakpoints, which not every hypervisor lets through", async () => {
  expect(await seeAsGuest("echo $CRIU_FAULT")).toBe("130\n");
});

test("a supervisor that is killed takes its namespace along, however early", async () => {
  const sources = listSources().map((source) =>
    source.endsWith("/namespace.c") ? "test/jobs/late-prctl.c" : source,
  );
  const late = programs.named(programs.compile("late", sources, "small"), "clump-guest");
  // Without a supervisor there is no terminal, which would end it as well.
  const words = supervise("").slice(1, -1);
  // No images come.
  const child = Bun.spawn([late, ...words], { stdio: ["pipe", "ignore", "ignore"] });
  while (childrenOf("", child.pid).length === 0) await Bun.sleep(1);
  const [init = 0] = childrenOf("", child.pid);
  child.kill("SIGKILL");
  for (let look = 0; look < 200 && !hasEnded("", init); look++) await Bun.sleep(10);
  const isOver = hasEnded("", init);
  if (!isOver) process.kill(init, "SIGKILL");
  expect(isOver).toBe(true);
});

describe("a criu that is killed", () => {
  /** ENDS_FOR_KILLED of guest.h. */
  const GONE_TOO = 3;
  const kill = "kill -9 $$";

  test("takes the guest with it before the guest runs", async () => {
    const child = Bun.spawn(supervise(kill), { stdio: [IMAGES_ARE_WHOLE, "ignore", "ignore"] });
    expect(await child.exited).toBe(GONE_TOO);
  });

  test("leaves the guest from the stage on at which it lets the guest go", async () => {
    const stage = `CRTOOLS_SCRIPT_ACTION=pre-resume CRTOOLS_IMAGE_DIR=${images} ${gate}`;
    const child = Bun.spawn(supervise(`${stage} && echo passed; ${kill}`), {
      stdio: [IMAGES_ARE_WHOLE, "ignore", "ignore"],
    });
    while (!readFileSync(join(images, "seen"), "utf8").includes("passed")) await Bun.sleep(10);
    const ended = await Promise.race([child.exited, Bun.sleep(500)]);
    child.kill("SIGKILL");
    rmSync(join(images, "resumes"));
    expect(ended).toBeUndefined();
  });
});
