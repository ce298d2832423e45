/**
 * A processor for each node of a machine that has fewer. Nodes that share a processor get equal parts of it. What a node
 * does not want, an idle program of the node uses up, so the part of another node never grows. A node reads in /proc how
 * busy its processor is, as a container does by LXCFS.
 */

import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { readStat } from "../../../probes/processes/process.ts";
import { readOptional } from "../../../system/files.ts";
import { pidsBelow } from "../../jobs/trial/lab-node.ts";

const TICKS_A_SECOND = 100;
const MILLISECONDS = 250;
/** What is written over a longer text leaves nothing of it. */
const LENGTH = 8_192;
const FILES = ["stat", "loadavg"] as const;

interface Processor {
  readonly idle: Bun.Subprocess;
  readonly files: Readonly<Record<(typeof FILES)[number], number>>;
}

export class Processors {
  readonly #trees: string[];
  readonly #mounted: string | undefined;
  readonly #folder: string;
  readonly #name: string;
  readonly #all = new Map<number, Processor>();
  readonly #timer = setInterval(() => this.#tell(), MILLISECONDS);

  /** `groups` is a mounted cgroup2, `folder` has the files for /proc. @throws Error where the machine has no shares of processors */
  constructor(groups: string, folder: string) {
    this.#folder = folder;
    this.#name = basename(folder);
    const isUnified = readFileSync(join(groups, "cgroup.controllers"), "utf8").split(/\s/).includes("cpu");
    // An older machine has the shares in a tree of their own; cgroups(7).
    this.#mounted = isUnified ? undefined : mountOldTree();
    this.#trees = [groups, ...(this.#mounted === undefined ? [] : [this.#mounted])];
    if (isUnified) this.#divide(groups);
    for (const tree of this.#trees) mkdirSync(join(tree, this.#name));
    if (isUnified) this.#divide(join(groups, this.#name));
    // All nodes together weigh as four processes on each processor: what else the machine does is not to be seen.
    const [file, weight] = isUnified ? ["cpu.weight", 100] : ["cpu.shares", 1_024];
    writeFileSync(join(this.#trees.at(-1)!, this.#name, file), String(4 * weight * availableParallelism()));
  }

  #divide(folder: string): void {
    writeFileSync(join(folder, "cgroup.subtree_control"), "+cpu");
  }

  add(node: number): void {
    for (const [index, tree] of this.#trees.entries()) {
      const folder = join(tree, this.#name, String(node));
      mkdirSync(folder);
      if (this.#mounted === undefined) this.#divide(folder);
      for (const name of ["work", "idle"]) mkdirSync(join(folder, name));
      if (index === this.#trees.length - 1) writeFileSync(join(folder, "idle/cpu.idle"), "1");
    }
    const idle = Bun.spawn([...this.#within(node, "idle"), "sh", "-c", "while :; do :; done"]);
    const open = (name: string) => openSync(join(this.#folder, `${name}.${node}`), "w");
    this.#all.set(node, { idle, files: { stat: open("stat"), loadavg: open("loadavg") } });
    this.#tell();
  }

  /** Words before a command that runs on the processor of that node. */
  on(node: number): string[] {
    return this.#within(node, "work");
  }

  #within(node: number, part: "work" | "idle"): string[] {
    const files = this.#trees.map((tree) => join(tree, this.#name, String(node), part, "cgroup.procs"));
    const core = String(node % availableParallelism());
    const enter = `for file in ${files.join(" ")}; do echo $$ >$file; done; exec taskset -c ${core} "$@"`;
    return ["sh", "-ec", enter, "sh"];
  }

  /** The control group of that node. */
  groupOf(node: number): string {
    return join(this.#trees[0]!, this.#name, String(node), "work");
  }

  /** Covers what the kernel says of the whole machine, in a mount namespace of that node. */
  coverScript(node: number): string {
    const cover = (name: string) => `mount --bind ${join(this.#folder, `${name}.${node}`)} /proc/${name}`;
    return FILES.map(cover).join("\n");
  }

  /** Seconds for which the processor of that node worked, and for which it had nothing to do. */
  seconds(node: number): { readonly work: number; readonly idle: number } {
    const read = (part: string) => {
      const text = readOptional(join(this.groupOf(node), "..", part, "cpu.stat")) ?? "";
      return Number(/^usage_usec (\d+)$/m.exec(text)?.[1] ?? 0) / 1e6;
    };
    return { work: read("work"), idle: read("idle") };
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const { idle, files } of this.#all.values()) {
      idle.kill("SIGKILL");
      for (const file of Object.values(files)) closeSync(file);
    }
  }

  /** Removes the groups, which nobody may be in any more. */
  remove(): void {
    for (const tree of this.#trees)
      Bun.spawnSync(["find", join(tree, this.#name), "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"]);
    if (this.#mounted === undefined) return;
    Bun.spawnSync(["umount", this.#mounted]);
    rmdirSync(this.#mounted);
  }

  /** proc_stat(5) and proc_loadavg(5): clumpd reads the ticks of the processor, and how many processes want it. */
  #tell(): void {
    const others = readFileSync("/proc/stat", "utf8").replace(/^cpu.*\n/gm, "");
    for (const [node, { files }] of this.#all) {
      const { work, idle } = this.seconds(node);
      const [busy, rest] = [work, idle].map((seconds) => Math.round(TICKS_A_SECOND * seconds));
      const ticks = `${busy} 0 0 ${rest} 0 0 0 0 0 0`;
      const running = pidsBelow(this.groupOf(node)).filter((pid) => readStat("", pid)?.state === "R").length;
      writeOver(files.stat, `cpu  ${ticks}\ncpu0 ${ticks}\n${others}`);
      // Whoever reads it runs as well.
      writeOver(files.loadavg, `0.00 0.00 0.00 ${running + 1}/100 1\n`);
    }
  }
}

function writeOver(file: number, text: string): void {
  writeSync(file, text.padEnd(LENGTH), 0);
}

/** @throws Error */
function mountOldTree(): string {
  const folder = mkdtempSync(join(tmpdir(), "shares-"));
  const { exitCode, stderr } = Bun.spawnSync(["mount", "-t", "cgroup", "-o", "cpu", "none", folder]);
  if (exitCode !== 0) throw new Error(`Cannot share processors among nodes: ${stderr}`);
  return folder;
}
