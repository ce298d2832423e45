/** The command mosctl: passes its words to the daemon of this node, and prints the answer. */

import { connect } from "node:net";
import { formatAddress } from "../../system/address/ipv4.ts";
import { formatHelp } from "../../system/command-help.ts";
import { reason } from "../../system/log.ts";
import type { Output } from "../../system/output.ts";
import { PATHS } from "../../system/state/paths.ts";
import { CONTROL_VERBS } from "../daemon/control.ts";
import { readReply } from "../daemon/control-client.ts";
import type { Reply } from "../daemon/control-context.ts";
import { askJobs, NoJobs } from "../jobs/request.ts";
import { createHostResolver } from "../map/hosts.ts";
import { MOSCTL_HELP } from "./mosctl-help.ts";

export interface CommandIo extends Output {
  readonly root: string;
}

/** As mosctl of openMosix-tools 0.3.6 prints it. */
export const MOSCTL_USAGE = `Usage: mosctl command
Available commands: stay/nostay, lstay/nolstay, block/noblock, quiet/noquiet,
                    mfs/nomfs, expel, bring, gettune, getdecay,
                    whois [mosix_no|IP-address|hostname],
                    getload [node-number], getspeed [node-number],
                    status [node-number], getmem [node-number],
                    getfree [node-number], getutil [node-number],
                    getyard, setyard [node-type], setspeed speed,
                    setdecay interval(seconds) slow(/1000) fast(/1000),
                    isup [node-number]
`;

const EXIT = { ok: 0, failed: 1 } as const;
const ANSWER_LIMIT_MILLISECONDS = 5_000;

/** Runs mosctl with the words after its name. Returns its exit code. */
export async function runMosctl(argv: readonly string[], io: CommandIo): Promise<number> {
  const [verb = "", name = "", ...more] = argv;
  if (verb === "--help") {
    io.stdout(formatHelp(MOSCTL_HELP));
    return EXIT.ok;
  }
  if (argv.length === 0 || (verb === "setspeed" && !/^\d/.test(name))) {
    io.stderr(MOSCTL_USAGE);
    return EXIT.failed;
  }
  if (!CONTROL_VERBS.has(verb)) {
    io.stderr("mosctl: No such option.\n");
    return EXIT.failed;
  }
  if (verb === "whois" && more.length === 0 && /[a-z]/i.test(name)) return await runWhois(name, io);
  const clearing = Object.hasOwn(CLEARING, verb) ? CLEARING[verb] : undefined;
  if (clearing !== undefined) return await clear(clearing, io);
  return await passOn(argv.join(" "), io);
}

interface ClearingVerb {
  readonly verb: "expel" | "bring";
  /** The verb that keeps things so. */
  readonly setting: string;
  readonly text: string;
}

/** Verbs that move processes, and return when all have gone. */
const CLEARING: Readonly<Record<string, ClearingVerb>> = {
  expel: {
    verb: "expel",
    setting: "block",
    text: "All remote processes were expelled and no further remote processes accepted.",
  },
  bring: {
    verb: "bring",
    setting: "lstay",
    text: "All local processes were brought back and will stay here.",
  },
};

async function clear({ verb, setting, text }: ClearingVerb, io: CommandIo): Promise<number> {
  const code = await passOn(setting, { ...io, stdout: () => {} });
  if (code !== EXIT.ok) return code;
  try {
    await askJobs({ verb });
  } catch (error) {
    // Without a daemon of jobs nothing has moved.
    if (!(error instanceof NoJobs)) {
      io.stderr(`${reason(error)}\n`);
      return EXIT.failed;
    }
  }
  io.stdout(`${text}\n`);
  return EXIT.ok;
}

async function passOn(line: string, io: CommandIo): Promise<number> {
  if (/[\r\n]/.test(line)) {
    io.stderr("mosctl: Cannot use these words: one line was wanted\n");
    return EXIT.failed;
  }
  let reply: Reply;
  try {
    reply = await askDaemon(io.root, line);
  } catch {
    io.stderr("This is NOT a OpenMosix system!\n");
    return EXIT.failed;
  }
  const text = reply.text === "" ? "" : `${reply.text}\n`;
  if (reply.code === 0) io.stdout(text);
  else io.stderr(text);
  return reply.code;
}

/** Looks the name up, because the daemon knows addresses alone; the answer has the name again. */
async function runWhois(name: string, io: CommandIo): Promise<number> {
  const address = await createHostResolver(io.root)(name);
  if (address === undefined) {
    io.stderr(`${name}: No Such Host-Name\n`);
    return EXIT.failed;
  }
  const text = formatAddress(address);
  const rename = (answer: string) => answer.replace(text, () => name);
  return await passOn(`whois ${text}`, { ...io, stdout: (answer) => io.stdout(rename(answer)) });
}

/** The answer of the daemon of the node below `root` to one line. @throws Error where no daemon answers */
export function askDaemon(root: string, line: string): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const socket = connect(root + PATHS.clumpdSocket);
  let received = "";
  socket.setTimeout(ANSWER_LIMIT_MILLISECONDS, () => socket.destroy(new Error("no answer")));
  socket.on("error", reject);
  socket.on("close", () => reject(new Error("no answer")));
  socket.on("connect", () => socket.write(`${line}\n`));
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    received += text;
    const reply = readReply(received);
    if (reply === undefined) return;
    resolve(reply);
    socket.destroy();
  });
  return promise;
}
