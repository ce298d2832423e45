/**
 * A network to boot from, made in a user namespace: no root, nothing of the machine is touched.
 * Bridge `lan` (10.9.0.1) of "server" joins the machines' taps and `lan` (10.9.0.2) of "other".
 */

export type Side = "server" | "other";

export interface BootNetwork extends AsyncDisposable {
  /** A command to run others under, on one side. */
  under(side: Side): readonly string[];
  /** Starts a program on one side, ended with the network; gives what it says, as it comes. */
  start(side: Side, command: readonly string[], env?: Record<string, string>): Output;
  /** QEMU's arguments for a card on this network that the firmware boots from where there is no medium. */
  nic(index: number, mac: string, options?: string): readonly string[];
}

export interface Output {
  /** Waits until the program has said it; `within` is in seconds. */
  expect(wanted: RegExp, options: { readonly within: number }): Promise<RegExpExecArray>;
}

type Process = Bun.Subprocess<"ignore", "pipe", "pipe">;

const TAPS = 3;

export async function createBootNetwork(): Promise<BootNetwork> {
  const processes: Process[] = [];
  const hold = async (command: readonly string[]) => {
    const process = spawn([...command, "sh", "-c", "echo ready; exec sleep infinity"]);
    processes.push(process);
    await listen(process).expect(/ready/, { within: 60 });
    return enter(process.pid);
  };
  const server = await hold(["unshare", "--user", "--map-root-user", "--net"]);
  const other = await hold([...server, "unshare", "--net"]);
  const otherPid = processes[1]!.pid;
  const under = (side: Side) => (side === "server" ? server : other);
  // A bridge without this learns for 15 s before it forwards, and a firmware does not wait so long.
  await ip(server, "link add lan type bridge forward_delay 0");
  await ip(server, "address add 10.9.0.1/24 dev lan");
  await ip(server, "link set lan up");
  await ip(server, `link add port master lan type veth peer name lan netns ${otherPid}`);
  await ip(server, "link set port up");
  for (let index = 0; index < TAPS; index++) {
    await ip(server, `tuntap add tap${index} mode tap`);
    await ip(server, `link set tap${index} master lan up`);
  }
  await ip(other, "address add 10.9.0.2/24 dev lan");
  await ip(other, "link set lan up");
  return {
    under,
    start(side, command, env = {}) {
      const process = spawn([...under(side), ...command], env);
      processes.push(process);
      return listen(process);
    },
    nic: (index, mac, options = "") => [
      ...["-netdev", `tap,id=net,ifname=tap${index},script=no,downscript=no`],
      ...["-device", `virtio-net-pci,netdev=net,mac=${mac},bootindex=1${options}`],
    ],
    async [Symbol.asyncDispose]() {
      for (const process of processes.reverse()) {
        process.kill("SIGTERM");
        await process.exited;
      }
    },
  };
}

function enter(pid: number): string[] {
  return ["nsenter", `--target=${pid}`, "--user", "--net", "--preserve-credentials"];
}

function spawn(command: readonly string[], env: Record<string, string> = {}): Process {
  const all = { ...process.env, ...env };
  return Bun.spawn([...command], { env: all, stdio: ["ignore", "pipe", "pipe"] });
}

async function ip(under: readonly string[], words: string): Promise<void> {
  const child = spawn([...under, "ip", ...words.split(" ")]);
  const said = await child.stderr.text();
  if ((await child.exited) !== 0) throw new Error(`Cannot make the network: ip ${words}: ${said}`);
}

function listen(process: Process): Output {
  let text = "";
  let wake = () => {};
  const read = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      text += decoder.decode(bytes, { stream: true });
      wake();
    }
  };
  let ended = false;
  void Promise.all([read(process.stdout), read(process.stderr)]).then(() => {
    ended = true;
    wake();
  });
  return {
    async expect(wanted, { within }) {
      const late = Promise.withResolvers<never>();
      const fail = () => late.reject(new Error(`Cannot see ${wanted} within ${within} s in:\n${text}`));
      const timer = setTimeout(fail, within * 1000);
      try {
        for (;;) {
          const match = wanted.exec(text);
          if (match) return match;
          if (ended) throw new Error(`Cannot see ${wanted}: the program ended, and said:\n${text}`);
          const more = Promise.withResolvers<void>();
          wake = more.resolve;
          await Promise.race([more.promise, late.promise]);
        }
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
