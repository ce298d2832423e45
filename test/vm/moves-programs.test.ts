import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { Vm } from "../../assets/qemu/vm.ts";
import { Programs } from "../jobs/compile.ts";
import { bootMember, secondsUntil, startLan } from "../lib/cluster.ts";
import { homePrograms, USE_HOME_PROGRAMS } from "../lib/home-programs.ts";
import { appendArchive } from "../lib/patched-initrd.ts";
import { output, run } from "../lib/shell.ts";

/** criu(8) asks the kernel for its features at its first start, and the kernel loads modules for the answers. */
const FIRST_START = { within: 60 };
const LONG = { within: 120 };

const PIPELINE = `for tag in a b c d; do /srv/work 60 1 3 $tag | md5sum; echo "\${PIPESTATUS[0]}"; done
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

const THREADS = `import hashlib, sys, threading
results = [None] * 4
def work(k):
    text = b"%d" % k
    for _ in range(60000): text = hashlib.sha256(text).digest()
    results[k] = text.hex()
threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(*results, sep="\\n")
sys.exit(7)
`;

/** Programs of known result: what each writes is that of a run that never moved. */
const REAL_PROGRAMS: readonly {
  readonly name: string;
  readonly line: string;
  readonly program: string;
  /** Default there alone. */
  readonly places?: readonly string[];
}[] = [
  {
    name: "one compiler of make -j4",
    line: "rm -f /srv/*.o; $PROGRAMS/make -s -j4 -C /srv && cd /srv && md5sum *.o",
    program: "cc1",
  },
  {
    name: "xz with two threads, in a pipeline",
    line: "seq 1 150000 | $PROGRAMS/xz -T2 -2 --block-size=512KiB | md5sum",
    program: "xz",
  },
  {
    name: "python3 with four threads",
    line: "$PROGRAMS/python3.11 /srv/threads.py",
    program: "python3.11",
    places: ["2", "home"],
  },
  {
    name: "openssl",
    line: "$PROGRAMS/openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt pass:a -kdfopt salt:b -kdfopt iter:800000 PBKDF2",
    program: "openssl",
  },
];

const machines = new AsyncDisposableStack();
let first: Vm;
let second: Vm;

beforeAll(async () => {
  const programs = new Programs();
  const work = readFileSync(programs.compile("work", ["test/jobs/trial/work.c"], "small"));
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
  const lan = machines.use(startLan());
  const boot = async (id: number) =>
    machines.use(await bootMember(id, lan.path, { initrd: initrd.path, memoryMegabytes: 768 }));
  [first, second] = await Promise.all([boot(1), boot(2)]);
  for (const vm of [first, second]) {
    await secondsUntil(vm, "clump nodes", /(?:.* up .*\n){2}/, 20);
    await output(vm, USE_HOME_PROGRAMS);
  }
}, 240_000);
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
  await output(first, `(${line}; echo "status $?") </dev/null 2>&1 | cat >/root/out & true`);
  await secondsUntil(first, `pidof ${program}`, /\d/, 20);
  await output(first, "sleep 1");
  const pid = (await output(first, `pidof ${program}`)).trim().split(" ").at(-1);
  for (const place of places) {
    await output(first, `migrate ${pid} ${place}`, LONG);
    const guests = await output(second, "clump jobs");
    expect(guests.includes(" of 1 (192.168.7.1)")).toBe(place !== "home");
  }
  await output(first, "wait", LONG);
  await secondsUntil(second, "clump jobs", /no guest is here/, 10);
  return await output(first, "cat /root/out");
}

test("criu(8) alone stops a process, and makes it go on", async () => {
  await output(first, "setsid /srv/work 60 3 0 alone >/root/alone </dev/null 2>&1 & sleep 1");
  await output(first, "mkdir /tmp/i && criu dump -t $(pidof work) -D /tmp/i -o log -v2", LONG);
  expect((await run(first, "pidof work")).code).toBe(1);
  await output(first, "criu restore -d -D /tmp/i -o log -v2", LONG);
  await secondsUntil(first, "cat /root/alone", /alone end/, 20);
  await output(first, "/srv/work 60 3 0 alone | cmp - /root/alone", LONG);
}, 240_000);

test("a bash script moves with the pipeline that runs in it, and starts the next ones elsewhere", async () => {
  const reference = await output(first, "bash /srv/pipeline.sh; echo status $?", LONG);
  expect(reference).toEndWith("\nstatus 4\n");
  expect(await moveIn("bash /srv/pipeline.sh", "bash", ["2"])).toBe(reference);
}, 300_000);

test.each(REAL_PROGRAMS)(
  "$name moves, with the result of a run at home",
  async (real) => {
    const { line, program, places = ["2"] } = real;
    const reference = await output(second, `${line}; echo "status $?"`, LONG);
    expect(reference).toMatch(/status [037]\n$/);
    expect(await moveIn(line, program, places)).toBe(reference);
  },
  400_000,
);
