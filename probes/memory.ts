/** Bytes that can be had, and all; proc_meminfo(5). */
export function parseMemory(text: string): { memoryFree: number; memoryTotal: number } {
  const kibibytes = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB$`, "m").exec(text)?.[1] ?? 0);
  return { memoryFree: 1024 * kibibytes("MemAvailable"), memoryTotal: 1024 * kibibytes("MemTotal") };
}
