import { expect, test } from "bun:test";
import { tryDevices } from "../../../../modes/disks/try-devices.ts";
import { makeRoot } from "../../../fixtures/root.ts";

test("tryDevices() does not try again what has failed once its patience is over, only what has come meanwhile", async () => {
  using root = makeRoot({ "/dev/": "" });
  const devices = ["/dev/sr0"];
  const attempts: string[] = [];
  const tried = await tryDevices({
    root: root.path,
    find: () => [...devices],
    async attempt(device) {
      attempts.push(device);
      devices[1] = "/dev/sdb1";
      // It takes longer than the patience, and it was time to try again meanwhile.
      await new Promise((over) => AbortSignal.timeout(20).addEventListener("abort", over));
      return "damaged";
    },
    patienceMilliseconds: 20,
    againMilliseconds: 1,
  });
  expect(attempts).toEqual(["/dev/sr0", "/dev/sdb1"]);
  expect(tried).toEqual({
    refusals: new Map([
      ["/dev/sr0", "damaged"],
      ["/dev/sdb1", "damaged"],
    ]),
  });
});
