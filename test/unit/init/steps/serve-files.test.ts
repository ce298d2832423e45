import { afterEach, expect, jest, test } from "bun:test";
import { existsSync } from "node:fs";
import { fetchServeFiles, findServeProblems } from "../../../../init/steps/serve-files.ts";
import { PLAIN_SERVE } from "../../../../modes/serve/serve-request.ts";
import { makeRoot } from "../../../fixtures/root.ts";
import { fakeMachine } from "../../../lib/fake-kernel.ts";

afterEach(() => void jest.useRealTimers());

test("findServeProblems() names what was not loaded, where it was asked for", () => {
  using root = makeRoot();
  expect(findServeProblems(root.path, undefined)).toEqual([]);
  expect(findServeProblems(root.path, PLAIN_SERVE)).toEqual([
    expect.stringContaining("serve.img was wanted"),
  ]);
  root.write({ "/srv/boot/clump/vmlinuz": "" });
  expect(findServeProblems(root.path, PLAIN_SERVE)).toEqual([]);
});

test("fetchServeFiles() ends one that is not done, clears away what it leaves, and does not wait for it", async () => {
  jest.useFakeTimers();
  using root = makeRoot({ "/srv.partial/serve.img": "half of i" });
  const machine = fakeMachine(root.path);
  const fetching = fetchServeFiles(machine, { backTheCd: true });
  jest.advanceTimersByTime(100_000);
  await expect(fetching).rejects.toThrow("serve.img did not come from a CD or USB stick within 100 s");
  expect(machine.children.all[0]?.signals).toEqual(["SIGKILL"]);
  expect(machine.kernel.calls).toEqual([`unmount ${root.path}/run/clump/medium lazily`]);
  expect(existsSync(`${root.path}/srv.partial`)).toBe(false);
});
