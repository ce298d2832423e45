/** Prometheus' own judgement of a text, by the promtool of Debian's package, which is unpacked and not installed. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { withCacheLock } from "../../assets/build/lock.ts";
import { CACHE } from "../../assets/build/project.ts";
import { PACKAGES } from "../../assets/image/manifest.ts";
import { type Apt, createApt } from "../../assets/packages/apt.ts";
import { createPackageCache } from "../../assets/packages/package-cache.ts";
import { type Package, resolvePackages } from "../../assets/packages/packages.ts";

const PACKAGE = "prometheus";

/** The path of promtool. @throws Error where the package cannot be fetched */
export async function fetchPromtool(): Promise<string> {
  return await withCacheLock("packages", async () => {
    const folder = join(CACHE, "apt", "stable");
    mkdirSync(folder, { recursive: true });
    const apt = await createApt(folder, { free: false });
    const entry = await lookUp(apt).catch(async () => {
      await apt.update();
      return await lookUp(apt);
    });
    const cache = createPackageCache(join(CACHE, "packages"));
    await cache.fill(apt, [entry], () => {});
    return join(cache.folder(entry), "usr/bin/promtool");
  });
}

async function lookUp(apt: Apt): Promise<Package> {
  const names = { kernel: PACKAGES.kernel, userland: [PACKAGE], firmware: [] };
  const { userland } = await resolvePackages(apt, names);
  return userland.find(({ name }) => name === PACKAGE)!;
}

/** Runs `promtool check metrics`; what it says is empty where it finds nothing. */
export async function checkMetrics(promtool: string, text: string): Promise<{ code: number; said: string }> {
  const child = Bun.spawn([promtool, "check", "metrics"], {
    stdin: Buffer.from(text),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, complaints, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, said: (out + complaints).trim() };
}
