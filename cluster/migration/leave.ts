/** Performs one move on the home node, step by step as transition() says. */

import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { hasEnded, readLink } from "../../probes/processes/process.ts";
import { copyCommand, DUMP_LOG, dumpCommand, dumpOptions } from "./criu.ts";
import { drive, type Mover } from "./drive.ts";
import { type Examination, examine, type Look, look, lookAround } from "./examination/examine.ts";
import { Freezer } from "./freezer.ts";
import type { History } from "./history.ts";
import { pendingIn } from "./images/pending.ts";
import { type Injector, InjectorEnded } from "./injector.ts";
import { copyMemory } from "./memory-copy.ts";
import type { MoveWatch } from "./move-watch.ts";
import type { GuestOrder } from "./order.ts";
import { PagesAhead } from "./pages-ahead.ts";
import type { Passage } from "./passage.ts";
import { type CriuRun, OPTIONS, WaitingCriu } from "./run-criu.ts";
import type { Effect, State } from "./transition.ts";

export interface Departure {
  readonly pid: number;
  /** The name of the job and of its link. */
  readonly job: string;
  readonly hostname: string;
  /** What names the image of this node. */
  readonly image: string;
  /** Where images may lie, a folder of this job alone. */
  readonly folder: string;
  /** Where the images stay once the process is away, and who hears what the other node was told; absent: nowhere. */
  readonly keep?: { readonly folder: string; readonly kept: (order: GuestOrder) => void };
  /** The mounted cgroup2. */
  readonly groups: string;
  readonly criu: string;
  readonly patience?: CriuRun["patience"];
  /** The program that becomes the deputy, and the socket of the daemon that it speaks to. */
  readonly deputy: string;
  readonly socket: string;
  readonly injector: Pick<Injector, "prepare" | "inject">;
  /** Of a process that moves by itself. */
  readonly history?: History;
  /** Connects to the other node. */
  readonly open: () => Promise<Passage>;
  /** Called with the reason where the memory of a large process cannot be copied while the process runs. */
  readonly notCopied?: (reason: string) => void;
  readonly watch?: MoveWatch;
}

/** Moves a process away; resolves with where it is then. Never throws. */
export async function leave(departure: Departure): Promise<State> {
  return await drive(new HomeMover(departure), departure.watch);
}

const EXEC_MILLISECONDS = 500;
const LOOK_MILLISECONDS = 5;

class HomeMover implements Mover {
  readonly #departure: Departure;
  #examination: Examination | undefined;
  #look: Look | undefined;
  #freezer: Freezer | undefined;
  #passage: Passage | undefined;
  #criu: WaitingCriu | undefined;
  readonly #ahead = new PagesAhead();

  constructor(departure: Departure) {
    this.#departure = departure;
  }

  async act(effect: Effect): Promise<void> {
    const { pid, folder, groups } = this.#departure;
    switch (effect) {
      case "examine":
        this.#accept(examine(pid, this.#departure.deputy));
        return this.#departure.injector.prepare();
      case "copy":
        return await this.#startCriu(await this.#copies());
      case "freeze":
        this.#freezer = new Freezer(groups, pid);
        await this.#freezer.freeze();
        // What it did between the first look and the freeze counts.
        this.#look = look(pid, this.#departure.deputy);
        return;
      case "dump":
        return await this.#dump();
      case "send":
        await this.#ahead.done();
        return await this.#passage!.send(this.#order(), folder);
      case "restore":
        return await this.#passage!.restored();
      case "commit":
        return await this.#commit();
      case "go":
        return await this.#passage!.go();
      case "refuse":
        return this.#passage?.refuse();
      case "thaw":
        return await this.#freezer?.release();
      case "keep":
        return this.#keep();
      case "forget":
        this.#criu?.abandon();
        return rmSync(folder, { recursive: true, force: true });
    }
  }

  hasEnded(): boolean {
    return hasEnded("", this.#departure.pid);
  }

  /** @throws Error with the reasons why the process stays */
  #accept(examination: Examination): void {
    if (examination.refusals.length > 0) throw new Error(examination.refusals.join("; "));
    this.#examination = examination;
  }

  /** Resolves with how many copies of its memory the other node has. */
  async #copies(): Promise<number> {
    const { pid, folder, criu, patience, open, notCopied, keep } = this.#departure;
    this.#passage = await open();
    await this.#passage.announce(this.#order());
    // An image that is kept is whole.
    if (keep !== undefined) return 0;
    const command = (copy: number) => copyCommand(criu, { pid, folder }, copy);
    return await copyMemory({ pid, folder, command, patience, passage: this.#passage, notCopied });
  }

  async #startCriu(copies: number): Promise<void> {
    const { pid, folder, criu, groups } = this.#departure;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const config = join(folder, OPTIONS);
    const group = Freezer.folderOf(groups, pid);
    const command = dumpCommand(criu, { of: { config }, images: folder, group, copies });
    this.#criu = await WaitingCriu.start({ command, log: join(folder, DUMP_LOG), fifo: config });
  }

  async #dump(): Promise<void> {
    const { pid, patience, folder } = this.#departure;
    let refusal: unknown;
    // The process stands still: another processor looks around while one dumps.
    const begun = (group: number) => {
      try {
        this.#accept(lookAround(this.#look!, group));
      } catch (error) {
        refusal = error;
      }
      if (refusal === undefined) this.#ahead.begin({ folder, criu: group, passage: this.#passage! });
    };
    await this.#criu!.run(dumpOptions(pid), { patience, begun }).finally(() => this.#ahead.end());
    if (refusal !== undefined) throw refusal;
    if (!this.#freezer!.isFrozen()) throw new Error("criu has let the process run");
  }

  /** The original becomes the deputy. */
  async #commit(): Promise<void> {
    const { pid, deputy, injector } = this.#departure;
    const { relays, terminal, process } = this.#examination!;
    const keep = [...relays.map(({ fd }) => fd), ...(terminal === undefined ? [] : [terminal])];
    try {
      await injector.inject({
        ...{ pid, program: deputy, argv: process.argv, env: this.#environment(), keep },
        ...{ group: this.#freezer!.groupOfRoot, others: this.#freezer!.others },
      });
    } catch (error) {
      // The injector may have been killed behind its work, or within the exec.
      const deadline = performance.now() + (error instanceof InjectorEnded ? EXEC_MILLISECONDS : 0);
      while (readLink(`/proc/${pid}/exe`) !== deputy) {
        if (performance.now() >= deadline) throw error;
        await Bun.sleep(LOOK_MILLISECONDS);
      }
    }
    await this.#freezer!.release();
  }

  #keep(): void {
    const { folder, keep } = this.#departure;
    if (keep === undefined) rmSync(folder, { recursive: true, force: true });
    else {
      renameSync(folder, keep.folder);
      keep.kept(this.#order());
    }
  }

  #environment(): string[] {
    const { job, socket, folder, pid } = this.#departure;
    const { relays, terminal, process, tree } = this.#examination!;
    const pending = [...pendingIn(join(folder, `core-${pid}.img`))];
    const fds = relays.map(({ mode, fd }) => `${mode}${fd}`);
    return [
      `CLUMP_SOCKET=${socket}`,
      `CLUMP_JOB=${job}`,
      `CLUMP_NAME=${process.name}`,
      `CLUMP_PENDING=${pending.map(([number, count]) => `${number}:${count}`).join(",")}`,
      ...(tree.length > 1 ? ["CLUMP_TREE=1"] : []),
      `CLUMP_FDS=${[...fds, ...(terminal === undefined ? [] : [`t${terminal}`])].join(",")}`,
    ];
  }

  #order(): GuestOrder {
    const { job, hostname, image, history } = this.#departure;
    const { relays, terminal, process } = this.#examination!;
    const { pid, parent, group, session, name } = process;
    return {
      job,
      hostname,
      image,
      pid,
      parent,
      group,
      session,
      name,
      relays,
      ...(terminal !== undefined && { terminal }),
      ...(history !== undefined && { history }),
    };
  }
}
