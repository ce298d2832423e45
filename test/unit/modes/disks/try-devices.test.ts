import { expect, test } from "bun:test";
import { tryDevices } from "../../../../modes/disks/try-devices.ts";
import { makeRoot } from "../../../fixtures/root.ts";

test.each([
  ["an interval", 1],
  ["no interval", undefined],
])(
  "with %s tryDevices() does not try again what has failed once its patience is over, only what has come meanwhile",
  async (_, again) => {
    using root = makeRoot({ "/dev/": "" });
    const devices = ["/dev/sr0"];
    const attempts: string[] = [];
    const tried = await tryDevices({
      root: root.path,
      find: () => [...devices],
      async attempt(device) {
        attempts.push(device);
        devices[1] = "/dev/sdb1";
        // The patience is over meanwhile.
        await Bun.sleep(25);
        return "damaged";
      },
      patienceMilliseconds: 20,
      ...(again !== undefined && { againMilliseconds: again }),
    });
    expect(attempts).toEqual(["/dev/sr0", "/dev/sdb1"]);
    expect(tried).toEqual({
      refusals: new Map([
        ["/dev/sr0", "damaged"],
        ["/dev/sdb1", "damaged"],
      ]),
    });
  },
);
