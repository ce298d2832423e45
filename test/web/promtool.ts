/** Prometheus' own judgement of a text, by the promtool of Debian's package, which is unpacked and not installed. */

import { unpackedFile } from "../lib/home-programs.ts";

/** The path of promtool. @throws Error where the package cannot be fetched */
export async function fetchPromtool(): Promise<string> {
  return await unpackedFile("prometheus", "usr/bin/promtool");
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
