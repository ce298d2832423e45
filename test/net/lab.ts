/**
 * A network of three namespaces, made in a user namespace: no root, nothing of the machine is touched.
 * Bridge `srv` (10.9.0.1) of "server" joins `eth0` of "client" and `srv` (10.9.0.2) of "other".
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Subprocess } from "bun";

type Process = Subprocess<"ignore", "pipe", "pipe">;

export type Side = "server" | "client" | "other";

export interface Lab extends AsyncDisposable {
  /** A directory for the programs' files, removed with the lab. */
  readonly files: string;
  /** Starts a program on one side, ended with the lab. */
  start(side: Side, command: readonly string[], env?: Record<string, string>): Program;
  /** Runs a program to its end and gives its output. */
  run(side: Side, command: string): Promise<string>;
  /** The client's cable, pulled out or plugged in. */
  plug(up: boolean): Promise<void>;
  /** Gives the client another network card with a carrier, on the same bridge or with nobody at the other end. */
  addNic(name: string, mac: string, other?: "bridge" | "nobody"): Promise<void>;
}

export interface LabOptions {
  /** Seconds that the bridge listens, and then learns, before it forwards (STP); at once when absent. */
  readonly forwardDelay?: number;
}

export interface Program {
  /** Waits for output that matches, after what was matched before; gives the match. */
  expect(pattern: RegExp): Promise<RegExpExecArray>;
  /** Everything said until now. */
  readonly output: string;
  /** Asks it to end, by SIGTERM. */
  terminate(): void;
  stop(): Promise<void>;
}

export const CLIENT_MAC = "52:54:00:12:34:56";

/** For what a test waits for: long, for it is met on a busy machine only by what never comes. */
const PATIENCE_MILLISECONDS = 60_000;
/** For a test with several such waits; our programs in a lab end by themselves after 120 s. */
export const TEST_LIMIT = 115_000;

export async function createLab({ forwardDelay }: LabOptions = {}): Promise<Lab> {
  const processes: Process[] = [];
  const hold = async (command: readonly string[]) => {
    const process = spawn([...command, "sh", "-c", "echo ready; exec sleep infinity"]);
    processes.push(process);
    await new OutputReader(process).expect(/ready/);
    return process.pid;
  };
  const outer = await hold(["unshare", "--user", "--map-root-user", "--net"]);
  const inner = await hold([...enter(outer), "unshare", "--net"]);
  const third = await hold([...enter(outer), "unshare", "--net"]);
  const side = { server: enter(outer), client: enter(inner), other: enter(third) };

  const files = await mkdtemp(join(tmpdir(), "lab-"));
  const lab: Lab = {
    files,
    start(where, command, env = {}) {
      const process = spawn([...side[where], ...command], env);
      processes.push(process);
      const reader = new OutputReader(process);
      return {
        expect: (pattern) => reader.expect(pattern),
        get output() {
          return reader.output;
        },
        terminate: () => process.kill("SIGTERM"),
        stop: () => end(process),
      };
    },
    async run(where, command) {
      const process = spawn([...side[where], ...command.split(" ")]);
      const [output, errors, code] = await Promise.all([
        new Response(process.stdout).text(),
        new Response(process.stderr).text(),
        process.exited,
      ]);
      if (code !== 0) throw new Error(`Cannot run ${command}: status ${code}, ${errors}`);
      return output;
    },
    plug: async (up) => void (await lab.run("server", `ip link set port1 ${up ? "up" : "down"}`)),
    async addNic(name, mac, other = "bridge") {
      const peer = `type veth peer name ${name} address ${mac} netns ${inner}`;
      await lab.run("server", `ip link add port-${name} ${other === "bridge" ? "master srv " : ""}${peer}`);
      await lab.run("server", `ip link set port-${name} up`);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(processes.reverse().map(end));
      await rm(files, { recursive: true });
    },
  };
  await connect(lab, { client: inner, other: third, forwardDelay });
  return lab;
}

async function connect(
  lab: Lab,
  pids: { client: number; other: number; forwardDelay: number | undefined },
): Promise<void> {
  // In hundredths of a second; ip-link(8).
  const spanningTree = pids.forwardDelay ? ` forward_delay ${pids.forwardDelay * 100} stp_state 1` : "";
  const commands: [Side, string][] = [
    ["server", `link add srv type bridge${spanningTree}`],
    [
      "server",
      `link add port1 master srv type veth peer name eth0 address ${CLIENT_MAC} netns ${pids.client}`,
    ],
    ["server", `link add port2 master srv type veth peer name srv netns ${pids.other}`],
    ["server", "address add 10.9.0.1/24 dev srv"],
    ["server", "link set lo up"],
    ["server", "link set srv up"],
    ["server", "link set port1 up"],
    ["server", "link set port2 up"],
    ["other", "address add 10.9.0.2/24 dev srv"],
    ["other", "link set srv up"],
    ["client", "link set eth0 up"],
  ];
  for (const [side, command] of commands) await lab.run(side, `ip ${command}`);
  if (spanningTree === "") for (const side of ["server", "other"] as const) await untilUp(lab, side);
}

/** The kernel says so a moment after a link has its carrier, and Kea serves no interface that it is not yet said of. */
async function untilUp(lab: Lab, side: Side): Promise<void> {
  while (!(await lab.run(side, "ip link show dev srv")).includes("state UP")) await Bun.sleep(50);
}

function enter(pid: number): string[] {
  return ["nsenter", `--target=${pid}`, "--user", "--net", "--preserve-credentials"];
}

function spawn(command: readonly string[], env: Record<string, string> = {}): Process {
  return Bun.spawn([...command], {
    env: { ...process.env, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}

async function end(process: Process): Promise<void> {
  process.kill("SIGKILL");
  await process.exited;
}

class OutputReader {
  output = "";
  #seen = 0;
  #onOutput = () => {};

  constructor(process: Process) {
    for (const stream of [process.stdout, process.stderr]) void this.#read(stream);
  }

  async expect(pattern: RegExp): Promise<RegExpExecArray> {
    const deadline = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      deadline.reject(new Error(`Cannot find ${pattern} in:\n${this.output}`));
    }, PATIENCE_MILLISECONDS);
    try {
      for (;;) {
        const match = pattern.exec(this.output.slice(this.#seen));
        if (match !== null) {
          this.#seen += match.index + match[0].length;
          return match;
        }
        const more = Promise.withResolvers<void>();
        this.#onOutput = more.resolve;
        await Promise.race([more.promise, deadline.promise]);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      this.output += decoder.decode(bytes, { stream: true });
      this.#onOutput();
    }
  }
}
