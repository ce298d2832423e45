import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { Guests } from "../../cluster/jobs/guests.ts";
import type { Members } from "../../cluster/jobs/members.ts";
import { type GuestRecord, parseGuestRecord } from "../../cluster/jobs/record.ts";
import { Registry } from "../../cluster/jobs/registry.ts";
import { present } from "../../system/optional.ts";
import { until } from "../lib/until.ts";
import { Bed } from "./bed.ts";

const OWN = "10.0.0.1";
const QUIET = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

let bed: Bed;

beforeEach(() => {
  bed = new Bed();
});
afterEach(() => bed.remove());

/** Notes whether its guest may run. A daemon that begins sends SIGUSR2. */
const restoresAfter = (first: string) =>
  `trap '' USR2; for word; do case $word in images=*) cd "\${word#images=}";; esac; done; read -r quiet
rm -f resumes; ${first}
echo ready >ready; read -r word <>go; echo "$word" >../word; echo >resumes; exec sleep 60`;
const RESTORES = restoresAfter("");
const NEVER_RESTORES = "trap '' USR2; exec sleep 60";

const ORDER = {
  ...{ job: "7.abc", pid: 42, parent: 1, group: 42, session: 42, name: "work", hostname: "node1" },
  ...{ image: "", relays: [] },
};

describe("on the node that takes a guest", () => {
  let registry: Registry<GuestRecord>;
  let gone: readonly string[] = [];
  let answer: boolean | undefined;
  let asked = 0;

  beforeEach(() => {
    mkdirSync(join(bed.folder, "guests"));
    registry = new Registry(join(bed.folder, "records"), parseGuestRecord);
    gone = [];
    answer = undefined;
    asked = 0;
  });

  const word = () =>
    existsSync(join(bed.folder, "guests/word")) ? readFileSync(join(bed.folder, "guests/word"), "utf8") : "";
  const isIn = (stage: GuestRecord["stage"]) => registry.get(ORDER.job)?.stage === stage;
  const isRunning = (pid: number) =>
    existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));

  function makeGuests(supervisor = RESTORES, patience?: number): Guests {
    const records = registry;
    return new Guests({
      ...{ registry: records, log: QUIET, criu: async () => "/bin/false" },
      reporter: { guestLeaves: () => {}, froze: () => {} },
      members: { isGone: (node: string) => gone.includes(node) } as unknown as Members,
      arrival: {
        ...{
          folder: join(bed.folder, "guests"),
          guest: bed.script("supervisor", supervisor),
          gate: "/bin/false",
        },
        ...{ socket: "/none", ...present("patience", patience) },
      },
      files: { rootFor: async () => "/", forgetHome: () => {} },
      passageTo: () => Promise.reject(new Error("no node")),
      homes: {
        isToRun: async () => {
          asked += 1;
          // A daemon that died, in whose place is another, does nothing more.
          return records === registry ? answer : undefined;
        },
        isToGo: async () => false,
      },
    });
  }

  /** Home's end of a move that has come so far. */
  async function comeTo(guests: Guests, ...said: readonly string[]): Promise<Socket> {
    const port = await bed.serve((socket) => {
      bed.sockets.keep(OWN, socket);
      void guests.take(OWN, JSON.stringify(ORDER), socket);
    });
    const home = connect(port, "127.0.0.1");
    home.on("error", () => {});
    home.on("data", () => {});
    for (const text of said) home.write(text);
    return home;
  }

  /** The cluster takes the home for dead. */
  function homeDies(guests: Guests): void {
    gone = [OWN];
    bed.sockets.sweep((node) => gone.includes(node));
    guests.sweep();
  }

  test.each<[string, string, readonly string[], GuestRecord["stage"] | undefined]>([
    ["sends images", RESTORES, ["file core.img 5\nab"], undefined],
    ["waits for the restored", NEVER_RESTORES, ["file core.img 2\nab", "end\n"], "arrives"],
    ["commits", RESTORES, ["file core.img 2\nab", "end\n"], "waits"],
    ["has let the guest run", RESTORES, ["file core.img 2\nab", "end\n", "go\n"], "runs"],
  ])(
    "the power of a home that %s fails: nothing of the guest is left",
    async (_, supervisor, said, stage) => {
      const guests = makeGuests(supervisor);
      await comeTo(guests, ...said);
      await until(() =>
        stage === undefined ? readdirSync(join(bed.folder, "guests")).length > 0 : isIn(stage),
      );
      // The gate is open before the guest has gone through.
      if (stage === "runs") await until(() => word() !== "");
      const pid = registry.get(ORDER.job)?.pid;
      homeDies(guests);
      if (pid !== undefined) await until(() => !isRunning(pid));
      expect(registry.all).toEqual([]);
      expect(word()).not.toBe(stage === "runs" ? "" : "go\n");
    },
  );

  test("a home that hung up and has its deputy lets the copy run", async () => {
    const guests = makeGuests();
    const home = await comeTo(guests, "end\n");
    await until(() => isIn("waits"));
    home.destroy();
    await until(() => asked > 1);
    expect(word()).toBe("");
    answer = true;
    await until(() => isIn("runs") && word() === "go\n");
  });

  test("a copy that waits for a word is killed where its guest has come again, and the later one may run", async () => {
    const guests = makeGuests();
    const home = await comeTo(guests, "end\n");
    await until(() => isIn("waits"));
    const first = registry.get(ORDER.job)!;
    home.destroy();
    await until(() => asked > 0);
    await comeTo(guests, "end\n", "go\n");
    await until(() => isIn("runs"));
    // What home says is of the later one.
    answer = true;
    await until(() => !isRunning(first.pid), { within: 10 });
    expect(isRunning(registry.get(ORDER.job)!.pid)).toBe(true);
    guests.sweep();
    expect(registry.get(ORDER.job)?.stage).toBe("runs");
  });

  test("a home that hung up and has its process has the copy killed", async () => {
    const guests = makeGuests();
    const home = await comeTo(guests, "end\n");
    await until(() => isIn("waits"));
    const { pid } = registry.get(ORDER.job)!;
    answer = false;
    home.destroy();
    await until(() => !isRunning(pid));
    expect(word()).toBe("");
  });

  test.each([
    [true, "runs"],
    [false, "is killed"],
  ])("a copy waits over the death of its daemon, and by its home's word %p it %s", async (says, _) => {
    await comeTo(makeGuests(), "end\n");
    await until(() => isIn("waits"));
    const { pid, folder: own } = registry.get(ORDER.job)!;
    // The next daemon has the records alone.
    registry = new Registry(join(bed.folder, "records"), parseGuestRecord);
    answer = says;
    makeGuests().resume();
    if (says) await until(() => isIn("runs") && word() === "go\n");
    else await until(() => !isRunning(pid) && !existsSync(own));
    expect(word()).toBe(says ? "go\n" : "");
    if (says) process.kill(pid, "SIGKILL");
  });

  test.each([
    ["waits for the word of its home", ""],
    ["has the word", "read -r word <>go;"],
  ])(
    "a guest whose criu is killed while it %s is restored again, and is here meanwhile",
    async (_, waits) => {
      const dies = `test -e ../died || { echo ready >ready; ${waits} echo >../died; kill -9 $$; }`;
      const guests = makeGuests(restoresAfter(dies));
      answer = true;
      const home = await comeTo(guests, "end\n");
      await until(() => isIn("waits"));
      const { pid } = registry.get(ORDER.job)!;
      if (waits !== "") home.write("go\n");
      await until(() => !isRunning(pid));
      guests.sweep();
      expect(guests.has(ORDER.job)).toBe(true);
      if (waits === "") home.write("go\n");
      await until(() => isIn("runs") && word() === "go\n");
      expect(registry.get(ORDER.job)!.pid).not.toBe(pid);
      process.kill(registry.get(ORDER.job)!.pid, "SIGKILL");
    },
  );

  test("a guest whose gate has no room for its mark runs on", async () => {
    const guests = makeGuests(
      restoresAfter('echo ready >ready; read -r word <>go; echo "$word" >../word; exec sleep 60'),
    );
    await comeTo(guests, "end\n", "go\n");
    await until(() => isIn("goes") && word() === "go\n");
    const { pid } = registry.get(ORDER.job)!;
    await until(() => isIn("runs"));
    expect(isRunning(pid)).toBe(true);
    process.kill(pid, "SIGKILL");
  });

  /** criu(8) that gets no further, until its supervisor ends. */
  const hangs = (first = "") =>
    `${bed.script("criu", `${first}while kill -0 $PPID; do sleep 0.05; done`)} restore -D "$PWD" 2>/dev/null`;

  test("a guest whose criu hangs behind the gate is restored again until it runs", async () => {
    const first = `echo >>../tries; test $(wc -l <../tries) -gt 4 || { echo ready >ready; read -r word <>go; ${hangs()}; }`;
    const guests = makeGuests(restoresAfter(first), 300);
    answer = true;
    await comeTo(guests, "end\n", "go\n");
    await until(() => isIn("goes"));
    const { pid } = registry.get(ORDER.job)!;
    await until(() => isIn("runs") && word() === "go\n");
    expect(tries()).toBe(5);
    expect(isRunning(pid)).toBe(false);
    process.kill(registry.get(ORDER.job)!.pid, "SIGKILL");
  });

  test("a guest whose criu hangs when it may run loses its criu, and runs", async () => {
    const guests = makeGuests(
      restoresAfter(
        `echo ready >ready; read -r word <>go; ${hangs('echo >"$3/resumes"; ')}; echo freed >../word; exec sleep 60`,
      ),
      300,
    );
    await comeTo(guests, "end\n", "go\n");
    await until(() => isIn("goes"));
    const { pid } = registry.get(ORDER.job)!;
    await until(() => isIn("runs") && word() === "freed\n");
    expect(registry.get(ORDER.job)!.pid).toBe(pid);
    expect(isRunning(pid)).toBe(true);
    process.kill(pid, "SIGKILL");
  });

  test("a guest that ends with its home is not restored again", async () => {
    const guests = makeGuests(restoresAfter("echo >>../tries; echo ready >ready; exec sleep 60"));
    answer = true;
    await comeTo(guests, "end\n", "go\n");
    await until(() => isIn("goes"));
    const { pid } = registry.get(ORDER.job)!;
    homeDies(guests);
    await until(() => !isRunning(pid));
    await Bun.sleep(50);
    expect(registry.all).toEqual([]);
    expect(readFileSync(join(bed.folder, "guests/tries"), "utf8")).toBe("\n");
  });

  const tries = () => readFileSync(join(bed.folder, "guests/tries"), "utf8").length;

  test("a guest that criu cannot restore is lost", async () => {
    const guests = makeGuests(restoresAfter("echo >>../tries; echo ready >ready; exit 2"));
    answer = true;
    await comeTo(guests, "end\n", "go\n");
    await until(() => {
      guests.sweep();
      return registry.all.length === 0 && existsSync(join(bed.folder, "guests/tries"));
    });
    expect(tries()).toBe(3);
  });

  // What ends a supervisor whose criu was killed, ENDS_FOR_KILLED of guest.h; and a supervisor that was killed.
  test.each(["exit 3", "kill -9 $$"])(
    "a guest that is killed again and again (%s) is not lost",
    async (dies) => {
      const killed = `echo >>../tries; test $(wc -l <../tries) -gt 6 || { echo ready >ready; ${dies}; }`;
      const guests = makeGuests(restoresAfter(killed));
      answer = true;
      await comeTo(guests, "end\n", "go\n");
      await until(() => isIn("runs"));
      expect(tries()).toBe(7);
      process.kill(registry.get(ORDER.job)!.pid, "SIGKILL");
    },
  );

  test.each<[GuestRecord["stage"], string, string]>([
    ["waits", "", ""],
    ["goes", "read -r word <>go;", "go\n"],
    ["goes", "", "go\n"],
  ])(
    "a guest that %s when its daemon dies, and whose criu is killed then, is restored by the next",
    async (stage, waits, said) => {
      const killed = join(bed.folder, "killed");
      const dies = `test -e ${killed} || { echo ready >ready; ${waits} while :; do sleep 0.05; done; }`;
      await comeTo(makeGuests(restoresAfter(dies)), "end\n", said);
      await until(() => isIn(stage));
      const { pid } = registry.get(ORDER.job)!;
      // The next daemon has the records alone.
      registry = new Registry(join(bed.folder, "records"), parseGuestRecord);
      answer = true;
      writeFileSync(killed, "");
      process.kill(pid, "SIGKILL");
      await until(() => !isRunning(pid));
      const guests = makeGuests(restoresAfter(dies));
      guests.resume();
      guests.sweep();
      expect(guests.has(ORDER.job)).toBe(true);
      await until(() => isIn("runs") && word() === "go\n");
      process.kill(registry.get(ORDER.job)!.pid, "SIGKILL");
    },
  );

  test("a guest that is being restored again when its daemon dies is restored by the next", async () => {
    const dies =
      "echo >>../tries; case $(wc -l <../tries) in 1) echo ready >ready; kill -9 $$;; 2) exec sleep 60;; esac";
    answer = true;
    await comeTo(makeGuests(restoresAfter(dies)), "end\n", "go\n");
    await until(() => existsSync(join(bed.folder, "guests/tries")) && tries() === 2);
    expect(isIn("goes")).toBe(true);
    const { pid } = registry.get(ORDER.job)!;
    registry = new Registry(join(bed.folder, "records"), parseGuestRecord);
    makeGuests().resume();
    process.kill(pid, "SIGKILL");
    await until(() => isIn("runs") && word() === "go\n");
    process.kill(registry.get(ORDER.job)!.pid, "SIGKILL");
  });

  test("a guest that does not run yet does not go on", async () => {
    const guests = makeGuests(restoresAfter("echo ready >ready; exec sleep 60"));
    await comeTo(guests, "end\n", "go\n");
    await until(() => isIn("goes"));
    const going = guests.sendOnward(OWN, ORDER.job, { next: "10.0.0.2", isByItself: false });
    expect(going).rejects.toThrow("it does not run there yet");
    await going.catch(() => {});
    process.kill(registry.get(ORDER.job)!.pid, "SIGKILL");
  });

  test("a guest stays where its home has taken the order back that it go on", async () => {
    const guests = makeGuests();
    await comeTo(guests, "end\n", "go\n");
    await until(() => isIn("runs"));
    const going = guests.sendOnward(OWN, ORDER.job, { next: "10.0.0.2", isByItself: false });
    await expect(going).rejects.toThrow("its home has taken that back");
    expect(guests.has(ORDER.job)).toBe(true);
    process.kill(registry.get(ORDER.job)!.pid, "SIGKILL");
  });

  test("a copy that was not whole dies with its daemon, and leaves no folder", async () => {
    await comeTo(makeGuests(NEVER_RESTORES), "end\n");
    await until(() => isIn("arrives"));
    const { pid } = registry.get(ORDER.job)!;
    // From then on SIGUSR2 does not end it, as it ends no supervisor.
    await until(() => readFileSync(`/proc/${pid}/comm`, "utf8") === "sleep\n");
    mkdirSync(join(bed.folder, "guests/stray"));
    registry = new Registry(join(bed.folder, "records"), parseGuestRecord);
    makeGuests().resume();
    await until(() => !isRunning(pid));
    expect(readdirSync(join(bed.folder, "guests"))).toEqual([]);
  });
});
