/** The command `clump slurm`: what a Slurm cluster has to know of this one. */

import { asksForHelp, type CommandHelp, formatHelp, formatRefusal } from "../../system/command-help.ts";
import { reason } from "../../system/log.ts";
import type { Output } from "../../system/output.ts";
import { findFeatures } from "./features.ts";
import { deriveMungeKey } from "./munge-key.ts";

export const SLURM_HELP: CommandHelp = {
  name: "clump slurm",
  forms: ["key|features"],
  does: "prints the munge key that follows from the cluster key, or the features of this node",
  words: [
    ["key", "the file /etc/munge/munge.key of the controller and of each other machine of the Slurm cluster"],
    ["features", "what sbatch --constraint takes, once the node has its number"],
  ],
  examples: ["clump slurm key >munge.key"],
  document: "slurm.md",
};

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;
const AGAIN_MILLISECONDS = 200;

const VERBS: Readonly<Record<string, (root: string) => string | Promise<string>>> = {
  key: deriveMungeKey,
  features: async (root) => `${await waitForFeatures(root)}\n`,
};

/** Runs `clump slurm` with the words behind it. Returns the exit code. */
export async function runSlurm(
  words: readonly string[],
  { root, stdout, stderr }: Output & { readonly root: string },
): Promise<number> {
  if (asksForHelp(words)) {
    stdout(formatHelp(SLURM_HELP));
    return EXIT.ok;
  }
  const [verb = "", surplus] = words;
  const answer = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (answer === undefined || surplus !== undefined) {
    const wrong = words.length === 0 ? "Cannot do nothing" : `Cannot use "${surplus ?? verb}"`;
    stderr(formatRefusal(SLURM_HELP, `${wrong}: ${Object.keys(VERBS).join(" or ")} was wanted`));
    return EXIT.usage;
  }
  try {
    stdout(await answer(root));
    return EXIT.ok;
  } catch (error) {
    stderr(`clump: ${reason(error)}\n`);
    return EXIT.failed;
  }
}

/** A node without an address waits for one as long as it runs. */
async function waitForFeatures(root: string): Promise<string> {
  for (;;) {
    const features = findFeatures(root);
    if (features !== undefined) return features;
    await Bun.sleep(AGAIN_MILLISECONDS);
  }
}
