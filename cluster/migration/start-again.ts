/** Starts a job from the image that its home has kept, after the death of the node where it ran. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { drive, type Mover } from "./drive.ts";
import { changeImage, type Field, within } from "./images/image.ts";
import type { GuestOrder } from "./order.ts";
import type { Passage } from "./passage.ts";
import { type Effect, START_AGAIN, type State } from "./transition.ts";

export interface Restart {
  readonly order: GuestOrder;
  /** The kept images, which stay. */
  readonly folder: string;
  /** Connects to the node where the job is to run. */
  readonly open: () => Promise<Passage>;
  /** Called when the process is whole there and has not run: from then on it is there. */
  readonly commit: () => void;
  /** Whether the deputy has ended meanwhile. */
  readonly hasEnded: () => boolean;
}

/** Resolves with AWAY where the job runs again. Never throws. */
export async function startAgain(restart: Restart): Promise<State> {
  return await drive(new Restarter(restart), undefined, START_AGAIN);
}

class Restarter implements Mover {
  readonly #restart: Restart;
  #passage: Passage | undefined;

  constructor(restart: Restart) {
    this.#restart = restart;
  }

  async act(effect: Effect): Promise<void> {
    const { order, folder, open, commit } = this.#restart;
    switch (effect) {
      case "send":
        forgetSizes(folder);
        this.#passage = await open();
        return await this.#passage.send(order, folder);
      case "restore":
        return await this.#passage!.restored();
      case "commit":
        return commit();
      case "go":
        return await this.#passage!.go();
      case "refuse":
        return this.#passage?.refuse();
      default:
        // The deputy has never been frozen, and the images stay for the next time.
        return;
    }
  }

  hasEnded(): boolean {
    return this.#restart.hasEnded();
  }
}

/** file_entry.reg of files.img, and reg_file_entry.flags and size. */
const [REGULAR, FLAGS, SIZE] = [3, 2, 8];
const O_ACCMODE = 3n;

/** criu restores no file that has another size than in the image: the job has written to its files since. */
export function forgetSizes(folder: string): void {
  const isWritten = (fields: readonly Field[]) =>
    fields.some(({ number, value }) => number === FLAGS && ((value as bigint) & O_ACCMODE) !== 0n);
  const path = join(folder, "files.img");
  if (!existsSync(path)) return;
  changeImage(
    path,
    within(REGULAR, (fields) =>
      isWritten(fields) ? fields.filter(({ number }) => number !== SIZE) : fields,
    ),
  );
}
