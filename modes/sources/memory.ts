import { mem } from "systeminformation/lib/memory.js";

export interface Memory {
  /** Bytes that new programs cannot have (MemTotal - MemAvailable). */
  readonly memoryUsed: number;
  /** Bytes. */
  readonly memoryTotal: number;
}

/** The memory of this machine, from one file of systeminformation: the whole package would cost 2 MB more. */
export async function readMemory(): Promise<Memory> {
  const { total, available } = await mem();
  return { memoryTotal: total, memoryUsed: total - available };
}
