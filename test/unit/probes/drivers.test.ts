import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { release } from "node:os";
import { startDrivers } from "../../../probes/drivers.ts";
import { E1000, KEYBOARD, MODULE_ALIASES, makeRoot, ORPHAN } from "../../fixtures/root.ts";
import { fakeMachine, settle } from "../../lib/fake-kernel.ts";

const ALIASES = { [`/lib/modules/${release()}/modules.alias`]: MODULE_ALIASES };
const KMSG =
  "4,1,1,-;r8169 0000:00:06.0: Direct firmware load for rtl_nic/rtl8168h-2.fw failed with error -2\n";
const MODPROBE = ["/usr/sbin/modprobe", "--use-blacklist"];

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** More than the buses need to be taken for quiet, in steps in which processes and files go on. */
async function passSettling(): Promise<void> {
  for (let step = 0; step < 20; step++) {
    jest.advanceTimersByTime(50);
    await settle();
  }
}

async function start(
  files: Record<string, string>,
  scope: "everything" | "keyboards",
  blacklist: string[] = [],
  rareDrivers?: { provide(): Promise<void> },
) {
  using root = makeRoot(files);
  const machine = fakeMachine(root.path);
  machine.children.onSpawn = (child) => child.finish(0);
  let changes = 0;
  const changed = () => {
    changes += 1;
  };
  const { signal } = new AbortController();
  const drivers = startDrivers(machine, {
    scope,
    blacklist,
    signal,
    changed,
    ...(rareDrivers && { rareDrivers }),
  });
  await passSettling();
  // A file is read in time that is not made up.
  for (let turn = 0; turn < 20_000 && files["/dev/kmsg"] && changes < 2; turn++) await settle();
  const commands = machine.children.all.map(({ command }) => command);
  return { commands, problems: drivers.problems(), changes, log: machine.log.lines };
}

test("startDrivers() loads drivers, and names adapters without one and firmware that is missing", async () => {
  const { commands, problems, changes, log } = await start(
    { ...ALIASES, ...E1000, ...ORPHAN, "/dev/kmsg": KMSG },
    "everything",
  );
  expect(commands.toSorted()).toEqual([
    [...MODPROBE, "e1000"],
    [...MODPROBE, "r8169"],
  ]);
  expect(problems).toEqual([
    "0000:00:06.0: 10ec:8168 has no driver: r8169 did not take it",
    "firmware rtl_nic/rtl8168h-2.fw missing",
  ]);
  expect(changes).toBe(2);
  expect(log).toEqual(problems.map((problem) => `warn: ${problem}`));
});

test("startDrivers() loads nothing but keyboards where that is the scope", async () => {
  const { commands } = await start({ ...ALIASES, ...E1000, ...KEYBOARD }, "keyboards");
  expect(commands).toEqual([[...MODPROBE, "serio_raw"]]);
});

test("startDrivers() keeps to the blacklist", async () => {
  const { commands, problems } = await start({ ...ALIASES, ...ORPHAN }, "everything", ["r8169"]);
  expect(commands).toEqual([]);
  expect(problems).toEqual(["0000:00:06.0: 10ec:8168 has no driver: r8169 is blacklisted"]);
});

/** As the kernel has them in modules.alias. */
const DISKS = {
  nvme: ["pci:v*d*sv*sd*bc01sc08i02*", "pci:v0000144Dd0000A808sv0000144Dsd0000A801bc01sc08i02"],
  virtio_blk: ["virtio:d00000002v*", "virtio:d00000002v00001AF4"],
  sd_mod: ["scsi:t-0x00*", "scsi:t-0x00"],
} as const;

test.each(Object.entries(DISKS))(
  "startDrivers() leaves disks alone: %s is not loaded",
  async (module, names) => {
    const [alias, modalias] = names;
    const { commands } = await start(
      {
        [`/lib/modules/${release()}/modules.alias`]: `${MODULE_ALIASES}alias ${alias} ${module}\n`,
        ...E1000,
        "/sys/bus/pci/devices/0000:00:09.0/modalias": `${modalias}\n`,
      },
      "everything",
    );
    expect(commands).toEqual([[...MODPROBE, "e1000"]]);
  },
);

test("startDrivers() throws where the list of drivers is missing", async () => {
  await expect(start(E1000, "everything")).rejects.toThrow("modules.alias");
});

test("startDrivers() goes on without the kernel's log", async () => {
  const { commands, log } = await start({ ...ALIASES, ...E1000 }, "everything");
  expect(commands).toHaveLength(1);
  expect(log).toEqual([expect.stringContaining("debug: Cannot read the kernel log: ")]);
});

test("startDrivers() asks for the rare drivers where a file of a module is not there, and only then", async () => {
  const modules = `/lib/modules/${release()}`;
  const lists = { [`${modules}/modules.inserts`]: "e1000 here.ko rare.ko\n", [`${modules}/here.ko`]: "" };
  let provided = 0;
  const rareDrivers = {
    provide: async () => {
      provided += 1;
    },
  };
  const rare = await start({ ...ALIASES, ...E1000, ...lists }, "everything", [], rareDrivers);
  expect(rare.commands).toEqual([
    ["/usr/lib/clump/insert", "e1000", `${modules}/here.ko`, `${modules}/rare.ko`],
  ]);
  expect(provided).toBe(1);
  await start({ ...ALIASES, ...E1000, ...lists, [`${modules}/rare.ko`]: "" }, "everything", [], rareDrivers);
  expect(provided).toBe(1);
});
