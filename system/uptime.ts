import { uptime as wholeSeconds } from "node:os";
import { readOptional } from "./files.ts";

/** Seconds since the kernel started, to the hundredth: os.uptime() of Bun knows whole seconds alone. */
export function uptime(): number {
  const text = readOptional("/proc/uptime");
  // Process 1 logs before it has mounted /proc.
  return text === undefined ? wholeSeconds() : Number.parseFloat(text);
}
