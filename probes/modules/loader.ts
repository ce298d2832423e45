/** Loads modules, each in a process of its own, so that a hanging module delays no other. */

import type { Child, ChildEnd, Children } from "../../system/children.ts";
import { type Log, reason } from "../../system/log.ts";
import { canonical, type Insertion } from "./insertion.ts";

/** A driver may take seconds to wake its hardware. A driver that takes longer is named, and not waited for. */
export const MODULE_LIMIT_MILLISECONDS = 30_000;

export type ModuleState = "loading" | "loaded" | "blacklisted" | "failed" | "late";

export interface ModuleLoader {
  /** Loads a module, at most once; resolves when the module is loaded, failed or late. Never throws. */
  load(module: string, options?: LoadOptions): Promise<ModuleState>;
  readonly states: ReadonlyMap<string, ModuleState>;
}

export interface LoadOptions {
  /** Whether the load yields the processor to all other processes. */
  readonly yields?: boolean;
}

export function createModuleLoader(options: {
  readonly children: Pick<Children, "spawn">;
  readonly log: Log;
  readonly insertion: Insertion;
  readonly blacklist: readonly string[];
  /** Brings the files of a module; undefined where they are there. A module whose files did not come may be loaded again. */
  readonly bring?: (module: string) => Promise<void> | undefined;
  readonly limitMilliseconds?: number;
}): ModuleLoader {
  const { children, log, insertion, blacklist, bring } = options;
  const { limitMilliseconds = MODULE_LIMIT_MILLISECONDS } = options;
  const forbidden = new Set(blacklist.map(canonical));
  const states = new Map<string, ModuleState>();
  const loads = new Map<string, Promise<ModuleState>>();

  async function run(module: string, { yields = false }: LoadOptions): Promise<ModuleState> {
    if (forbidden.has(module)) return "blacklisted";
    const coming = bring?.(module)?.catch((error: unknown) => {
      loads.delete(module);
      throw error;
    });
    if (coming !== undefined) await coming;
    const child = children.spawn(insertion(module), { errors: "captured", yields });
    const limit = Promise.withResolvers<"late">();
    const timer = setTimeout(() => limit.resolve("late"), limitMilliseconds);
    const end = await Promise.race([child.ended, limit.promise]);
    clearTimeout(timer);
    if (end === "late") {
      log.warn(`driver ${module} is still loading after ${limitMilliseconds / 1000} s, going on without it`);
      void child.ended.then(async (late) =>
        states.set(module, await judge(module, { child, end: late, log })),
      );
      return "late";
    }
    return judge(module, { child, end, log });
  }

  return {
    states,
    load(name, options = {}) {
      const module = canonical(name);
      const known = loads.get(module);
      if (known !== undefined) return known;
      states.set(module, "loading");
      const load = run(module, options)
        .catch((error: unknown): ModuleState => {
          log.warn(`Cannot load driver ${module}: ${reason(error)}, skipping`);
          return "failed";
        })
        .then((state) => {
          states.set(module, state);
          return state;
        });
      loads.set(module, load);
      return load;
    },
  };
}

async function judge(
  module: string,
  { child, end, log }: { readonly child: Child; readonly end: ChildEnd; readonly log: Log },
): Promise<ModuleState> {
  if (end.status === 0) return "loaded";
  const complaint = (await child.errors()).trim() || "modprobe gave no reason";
  log.warn(`Cannot load driver ${module}: ${complaint}, skipping`);
  return "failed";
}
