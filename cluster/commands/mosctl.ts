/** The command mosctl: passes its words to the daemon of this node and prints what it says. */

import { connect } from "node:net";
import { formatAddress } from "../../system/address/ipv4.ts";
import { PATHS } from "../../system/state/paths.ts";
import type { Reply } from "../daemon/control.ts";
import { REPLY_ENDS } from "../daemon/control-line.ts";
import { createHostResolver } from "../map/hosts.ts";

export interface CommandIo {
  readonly root: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

const EXIT = { ok: 0, failed: 1 } as const;
const ANSWER_LIMIT_MILLISECONDS = 5_000;

/** Runs mosctl with the words after its name; gives its exit code. */
export async function runMosctl(argv: readonly string[], io: CommandIo): Promise<number> {
  const [verb, name = "", ...more] = argv;
  if (verb === "whois" && more.length === 0 && /[a-z]/i.test(name)) return await runWhois(name, io);
  const line = argv.length === 0 ? "help" : argv.join(" ");
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
  if (argv.length === 0) {
    io.stderr(`Usage: mosctl command [argument]\n${reply.text}\n`);
    return EXIT.failed;
  }
  const text = reply.text === "" ? "" : `${reply.text}\n`;
  if (reply.code === 0) io.stdout(text);
  else io.stderr(text);
  return reply.code;
}

/** The daemon knows addresses; names are looked up here. */
async function runWhois(name: string, io: CommandIo): Promise<number> {
  const address = await createHostResolver(io.root)(name);
  if (address === undefined) {
    io.stderr(`mosctl: Cannot find ${name}: neither /etc/hosts nor the name servers have it\n`);
    return EXIT.failed;
  }
  const text = formatAddress(address);
  const rename = (said: string) => said.replace(text, () => name);
  return await runMosctl(["whois", text], {
    ...io,
    stdout: (said) => io.stdout(rename(said)),
    stderr: (said) => io.stderr(rename(said)),
  });
}

/** What the daemon of the node below `root` answers. @throws where there is none, or it does not answer */
export function askDaemon(root: string, line: string): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const socket = connect(root + PATHS.clumpdSocket);
  let said = "";
  socket.setTimeout(ANSWER_LIMIT_MILLISECONDS, () => socket.destroy(new Error("no answer")));
  socket.on("error", reject);
  socket.on("close", () => reject(new Error("no answer")));
  socket.on("connect", () => socket.write(`${line}\n`));
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    said += text;
    const reply = readReply(said);
    if (reply === undefined) return;
    resolve(reply);
    socket.destroy();
  });
  return promise;
}

/** The reply in what was received, or nothing while its last line has not come. */
export function readReply(said: string): Reply | undefined {
  const lines = said.split("\r\n");
  const code = (REPLY_ENDS as readonly string[]).indexOf(lines.at(-2) ?? "");
  if (code < 0 || lines.at(-1) !== "") return undefined;
  return { text: lines.slice(0, -2).join("\n"), code };
}
