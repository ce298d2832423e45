import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHash, pbkdf2Sync } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Vm } from "../../assets/qemu/vm.ts";
import { Programs } from "../jobs/compile.ts";
import { bootMember, oneCluster, secondsUntil, startLan } from "../lib/cluster.ts";
import { homePrograms, USE_HOME_PROGRAMS } from "../lib/home-programs.ts";
import { appendArchive } from "../lib/patched-initrd.ts";
import { output, run } from "../lib/shell.ts";

/** criu(8) asks the kernel for its features at its first start, and the kernel loads modules for the answers. */
const FIRST_START = { within: 60 };
const LONG = { within: 120 };

const TAGS = ["a", "b", "c", "d"];
const PIPELINE = `for tag in ${TAGS.join(" ")}; do /srv/work 60 1 3 $tag | md5sum; echo "\${PIPESTATUS[0]}"; done
exit 4
`;

/** A C source of functions that all are called, so that the compiler leaves none out. */
const SOURCE = [
  ...Array.from({ length: 16 }).map(
    (_, k) =>
      `int f${k}(int a){int s=${k};for(int i=0;i<a;i++){s+=i*${k};if(s%${k + 3}==1)s^=a<<${k % 7};` +
      "switch(s%5){case 0:s+=a;break;case 1:s-=a;break;default:s^=i;}}return s;}",
  ),
  "",
].join("\n");

/** All four objects are the same: what one compiler makes elsewhere is seen beside what the others make at home. */
const MAKEFILE = `.PHONY: all
all: one.o two.o three.o four.o
%.o: source.c
\tgcc-12 -ffreestanding -O2 -c $< -o $@
`;

const TURNS = 60_000;
/** The file that shows a program that its moves are over. */
const MOVED = "/srv/moved";
/** The threads compute until the moves are over, however long a move takes. */
const THREADS = `import hashlib, os, sys, threading
results = [None] * 4
def work(k):
    text = b"%d" % k
    for _ in range(${TURNS / 2}): text = hashlib.sha256(text).digest()
    while not os.path.exists("${MOVED}"):
        for _ in range(2000): hashlib.sha256(text).digest()
    for _ in range(${TURNS / 2}): text = hashlib.sha256(text).digest()
    results[k] = text.hex()
threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(*results, sep="\\n")
sys.exit(7)
`;

/** What a thread of THREADS writes. */
function chainOf(thread: number): string {
  let text = Buffer.from(String(thread));
  for (let turn = 0; turn < TURNS; turn++) text = createHash("sha256").update(text).digest();
  return text.toString("hex");
}

const COUNT = 150_000;
const numbers = () => Array.from({ length: COUNT }, (_, index) => `${index + 1}\n`).join("");

const PASSES = 800_000;
/** As openssl prints a key. */
const key = () =>
  pbkdf2Sync("a", "salt", PASSES, 32, "sha256")
    .toString("hex")
    .toUpperCase()
    .replace(/..(?=.)/g, "$&:");

/** Programs of known result, which this machine computes by itself. */
const REAL_PROGRAMS: readonly {
  readonly name: string;
  readonly line: string;
  readonly program: string;
  readonly writes: () => string | RegExp;
  /** Default there alone. */
  readonly places?: readonly string[];
}[] = [
  {
    name: "one compiler of make -j4",
    line: "rm -f /srv/*.o; $PROGRAMS/make -s -j4 -C /srv && cd /srv && md5sum *.o",
    program: "cc1",
    writes: () => /^([0-9a-f]{32}) {2}four.o\n\1 {2}one.o\n\1 {2}three.o\n\1 {2}two.o\nstatus 0\n$/,
  },
  {
    name: "xz with two threads, in a pipeline",
    line: `seq 1 ${COUNT} | $PROGRAMS/xz -T2 -2 --block-size=512KiB | cat >/root/x; $PROGRAMS/xz -d </root/x | md5sum`,
    program: "xz",
    writes: () => `${Bun.MD5.hash(numbers(), "hex")}  -\nstatus 0\n`,
  },
  {
    name: "python3 with four threads",
    line: "$PROGRAMS/python3.11 /srv/threads.py",
    program: "python3.11",
    places: ["2", "home"],
    writes: () => `${[0, 1, 2, 3].map(chainOf).join("\n")}\nstatus 7\n`,
  },
  {
    name: "openssl",
    line: `$PROGRAMS/openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt pass:a -kdfopt salt:salt -kdfopt iter:${PASSES} PBKDF2`,
    program: "openssl",
    writes: () => `${key()}\n\nstatus 0\n`,
  },
];

const machines = new AsyncDisposableStack();
let first: Vm;
let second: Vm;
let alone = "";
let pipeline = "";

beforeAll(async () => {
  const programs = new Programs();
  const path = programs.compile("work", ["test/jobs/trial/work.c"], "small");
  const write = (words: readonly string[]) =>
    new Response(Bun.spawn([path, "60", ...words], { stdout: "pipe" }).stdout).text();
  const [lines, ...texts] = await Promise.all([
    write(["3", "0", "alone"]),
    ...TAGS.map((tag) => write(["1", "3", tag])),
  ]);
  alone = lines;
  pipeline = `${texts.map((text) => `${Bun.MD5.hash(text, "hex")}  -\n3\n`).join("")}status 4\n`;
  const work = readFileSync(path);
  programs.remove();
  const text = (path: string, content: string) =>
    ({ path, type: "file", mode: 0o644, bytes: Buffer.from(content) }) as const;
  const initrd = machines.use(
    appendArchive([
      ...(await homePrograms()),
      { path: "srv/work", type: "file", mode: 0o755, bytes: work },
      text("clump.key", "the key of the room\n"),
      text("srv/pipeline.sh", PIPELINE),
      text("srv/source.c", SOURCE),
      text("srv/Makefile", MAKEFILE),
      text("srv/threads.py", THREADS),
    ]),
  );
  machines.use(await oneCluster());
  const lan = machines.use(startLan());
  const boot = async (id: number) =>
    machines.use(await bootMember(id, lan.path, { initrd: initrd.path, memoryMegabytes: 768 }));
  [first, second] = await Promise.all([boot(1), boot(2)]);
  for (const vm of [first, second]) {
    await secondsUntil(vm, "clump nodes", /(?:.* up .*\n){2}/, 20);
    await output(vm, USE_HOME_PROGRAMS);
  }
});
afterAll(async () => await machines.disposeAsync());

test("an archive that is mounted stays mounted, and criu(8) finds all it needs of the kernel", async () => {
  const check = async (vm: Vm) => {
    for (const _ of [1, 2]) await output(vm, "/usr/lib/clump/archive mount moves", FIRST_START);
    expect(await output(vm, "criu check", FIRST_START)).toContain("Looks good.");
  };
  await Promise.all([check(first), check(second)]);
}, 120_000);

/** Starts a line in the background, moves a program of it to each of the places, and gives what the line has written. */
async function moveIn(line: string, program: string, places: readonly string[]): Promise<string> {
  await output(first, `rm -f ${MOVED}; (${line}; echo "status $?") </dev/null 2>&1 | cat >/root/out & true`);
  await secondsUntil(first, `pidof ${program}`, /\d/, 20);
  await output(first, "sleep 1");
  const pid = (await output(first, `pidof ${program}`)).trim().split(" ").at(-1);
  for (const place of places) {
    await output(first, `migrate ${pid} ${place}`, LONG);
    const guests = await output(second, "clump jobs");
    expect(guests.includes(" of 1 (192.168.7.1)")).toBe(place !== "home");
  }
  await output(first, `touch ${MOVED}; wait`, LONG);
  await secondsUntil(second, "clump jobs", /no guest is here/, 10);
  return await output(first, "cat /root/out");
}

test("criu(8) alone stops a process, and makes it go on", async () => {
  await output(first, "setsid /srv/work 60 3 0 alone >/root/alone </dev/null 2>&1 & sleep 1");
  await output(first, "mkdir /tmp/i && criu dump -t $(pidof work) -D /tmp/i -o log -v2", LONG);
  expect((await run(first, "pidof work")).code).toBe(1);
  await output(first, "criu restore -d -D /tmp/i -o log -v2", LONG);
  await secondsUntil(first, "cat /root/alone", /alone end/, 20);
  expect(await output(first, "cat /root/alone")).toBe(alone);
}, 240_000);

test("a bash script moves with the pipeline that runs in it, and starts the next ones elsewhere", async () => {
  expect(await moveIn("bash /srv/pipeline.sh", "bash", ["2"])).toBe(pipeline);
}, 300_000);

test.each(REAL_PROGRAMS)(
  "$name moves, with the right result",
  async (real) => {
    const { line, program, places = ["2"], writes } = real;
    const wanted = writes();
    const written = await moveIn(line, program, places);
    if (typeof wanted === "string") expect(written).toBe(wanted);
    else expect(written).toMatch(wanted);
  },
  400_000,
);
