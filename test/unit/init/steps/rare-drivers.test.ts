import { expect, test } from "bun:test";
import { createRareDrivers, giveBackRareDrivers } from "../../../../init/steps/rare-drivers.ts";
import { expert } from "../../../../modes/expert.ts";
import { safe } from "../../../../modes/safe.ts";
import { PLAIN_SERVE, type ServeRequest } from "../../../../modes/serve/serve-request.ts";
import { present } from "../../../../system/optional.ts";
import { makeRoot } from "../../../fixtures/root.ts";
import { fakeMachine } from "../../../lib/fake-kernel.ts";

const SLOT = { "/sys/bus/pci/slots/1/power": "0\n" };
const BY_HTTP = { "/proc/cmdline": "clump.tools=http://10.0.0.1/clump/tools.img expert\n" };
const GIVEN_BACK = "to http://10.0.0.1/clump/initramfs.img";

interface Setting {
  readonly files?: Record<string, string>;
  readonly mode?: typeof expert | typeof safe;
  readonly blacklist?: string[];
  readonly serve?: ServeRequest;
  readonly problems?: string[];
}

test.each<[string, Setting, string]>([
  ["where no device can come", {}, "for good"],
  ["where no device can come, and a server has them", { files: BY_HTTP }, "for good"],
  ["with a slot for cards", { files: SLOT }, "never"],
  ["with a slot for cards, and a server that has them", { files: { ...SLOT, ...BY_HTTP } }, GIVEN_BACK],
  ["where a person has a driver left out", { blacklist: ["e1000"] }, "never"],
  ["with a card that has no driver", { problems: ["no driver for 0000:00:03.0"] }, "never"],
  ["that configures nothing", { mode: safe }, "never"],
  ["that boots others", { serve: PLAIN_SERVE }, "never"],
  ["that was loaded with the files for others", { files: { "/srv/boot/clump/vmlinuz": "" } }, "never"],
])("a node %s gives its rare drivers back: %#", async (_, setting, expected) => {
  const { files = {}, mode = expert, blacklist = [], serve, problems = [] } = setting;
  using root = makeRoot({ "/proc/cmdline": "expert\n", ...files });
  let given = "never";
  await giveBackRareDrivers(
    { root: root.path },
    {
      mode,
      options: { blacklist, ...present("serve", serve) },
      drivers: { settled: async () => {}, problems: () => problems },
      rareDrivers: {
        giveUp: async () => {
          given = "for good";
        },
        giveBack: async (url) => {
          given = `to ${url}`;
        },
      },
    },
  );
  expect(given).toBe(expected);
});

const DROP = ["/usr/lib/clump/archive", "drop", "rare-drivers"];

test("rare drivers that no device has asked for leave for good, and whoever wants them hears why", async () => {
  using root = makeRoot({});
  const machine = fakeMachine(root.path);
  machine.children.onSpawn = (child) => child.finish(0);
  const rareDrivers = createRareDrivers(machine);
  await rareDrivers.giveUp();
  expect(machine.children.all.map(({ command }) => command)).toEqual([DROP]);
  expect(machine.log.lines).toEqual([
    "info: rare drivers leave memory: no device can be plugged in while this node runs",
  ]);
  await expect(rareDrivers.provide()).rejects.toThrow("the rare drivers have left memory");
});

test("rare drivers that a device has asked for stay", async () => {
  using root = makeRoot({});
  const machine = fakeMachine(root.path);
  machine.children.onSpawn = (child) => child.finish(0);
  const rareDrivers = createRareDrivers(machine);
  await rareDrivers.provide();
  await rareDrivers.giveUp();
  expect(machine.children.all.map(({ command }) => command)).not.toContainEqual(DROP);
});
