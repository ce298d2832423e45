/** The command `clump tools`: loads the tools of administrators, which the image itself does not hold. */

import { asksForHelp, type CommandHelp, formatHelp, formatRefusal } from "../../system/command-help.ts";
import { reason } from "../../system/log.ts";
import type { Output } from "../../system/output.ts";

const TOOLS =
  "bash, curl, ethtool, htop, iperf3, python3, rsync, scp, sftp, ssh, ssh-keygen, strace and tmux";

export const TOOLS_HELP: CommandHelp = {
  name: "clump tools",
  does: "loads the toolbox: bash, curl, ethtool, htop, iperf3, python3, rsync, scp, ssh, strace, tmux",
  notes: [
    "The toolbox is the file tools.img of the boot server, the CD or the USB stick; it takes 10 MB of memory until the node ends.",
  ],
  document: "files.md#the-toolbox",
};

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Runs `clump tools` with the words behind it; `load` is loadTools(). Returns the exit code. */
export async function runTools(
  words: readonly string[],
  io: Output,
  load: () => Promise<string | undefined>,
): Promise<number> {
  if (asksForHelp(words)) {
    io.stdout(formatHelp(TOOLS_HELP));
    return EXIT.ok;
  }
  if (words.length > 0) {
    io.stderr(formatRefusal(TOOLS_HELP, `Cannot use "${words.at(-1)}": nothing was wanted behind tools`));
    return EXIT.usage;
  }
  try {
    const source = await load();
    io.stdout(`${TOOLS} are at hand${source === undefined ? "" : `, from ${source}`}\n`);
    return EXIT.ok;
  } catch (error) {
    io.stderr(`clump: Cannot load the tools: ${reason(error)}\n`);
    return EXIT.failed;
  }
}
