/** What shows how far a move from node 1 to node 2 has come. */

import { join } from "node:path";
import { JOB_PATHS, JOB_PROGRAMS, JOBS_PORT } from "../../../cluster/jobs/paths.ts";
import { readLink } from "../../../probes/processes/process.ts";
import { listOptional, readOptional } from "../../../system/files.ts";
import type { ThreeNodes } from "../../jobs/trial/three-nodes.ts";
import type { Verb } from "./held-criu.ts";

export class Traces {
  readonly #nodes: ThreeNodes;
  /** The program of the job. */
  readonly #count: string;

  constructor(nodes: ThreeNodes, count: string) {
    this.#nodes = nodes;
    this.#count = count;
  }

  /** The bytes that each connection from node 1 to other daemons holds for them. */
  get queues(): number[] {
    const { connections } = this.#nodes.node(1);
    return connections.flatMap(({ state, port, bytes }) =>
      state === "01" && port === JOBS_PORT ? [bytes] : [],
    );
  }

  /** Whether the injector, which stands still, has been told to begin: bytes wait in its standard input, a socket. */
  get hasOrder(): boolean {
    const inode = /\d+/.exec(readLink(`/proc/${this.injector}/fd/0`) ?? "")?.[0];
    const { stdout } = Bun.spawnSync(this.#nodes.on(1, "ss", "--unix", "--all", "--no-header", "--numeric"));
    return new RegExp(`^\\S+ +\\S+ +[1-9]\\d* +\\d+ +\\* +${inode} `, "m").test(stdout.toString());
  }

  /** Its pid. @throws Error where none runs */
  get injector(): number {
    const pid = Number.parseInt(readOptional(this.#nodes.node(1).root + JOB_PATHS.injector) ?? "", 10);
    if (Number.isNaN(pid)) throw new Error("no injector runs");
    return pid;
  }

  /** A criu(8) that runs on either node. */
  criu(verb?: Verb): number | undefined {
    const isCriu = (words: readonly string[]) => {
      const at = words.findIndex((word) => word.endsWith("/criu"));
      return (
        at >= 0 &&
        /^(pre-dump|dump|restore)$/.test(words[at + 1] ?? "") &&
        (verb ?? words[at + 1]) === words[at + 1]
      );
    };
    return this.#find(1, isCriu) ?? this.#find(2, isCriu);
  }

  #find(node: 1 | 2, is: (words: readonly string[]) => boolean | undefined): number | undefined {
    return this.#nodes
      .node(node)
      .pids.find((pid) => is((readOptional(`/proc/${pid}/cmdline`) ?? "").split("\0")));
  }

  /** The records of guests. */
  records(node: 1 | 2): string[] {
    const folder = this.#nodes.node(node).root + JOB_PATHS.guestRecords;
    return listOptional(folder).map((name) => readOptional(join(folder, name)) ?? "");
  }

  /** What node 2 has of guests. */
  get leftAbroad(): string[] {
    const { root } = this.#nodes.node(2);
    const words = (pid: number) => readOptional(`/proc/${pid}/cmdline`)?.split("\0") ?? [];
    return [
      ...listOptional(root + JOB_PATHS.guests),
      ...this.records(2),
      ...this.#nodes.node(2).pids.flatMap((pid) => {
        const [program = ""] = words(pid);
        return [JOB_PROGRAMS.supervisor, this.#count].includes(program) ? [program] : [];
      }),
    ];
  }
}
