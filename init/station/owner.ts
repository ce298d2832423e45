/** Whether the person that a workstation belongs to is away: nobody has typed for a while, and the processors have no work. */

/** Without a key and a movement of the mouse. */
export const AWAY_SECONDS = 600;
/** Load for each processor, without that of guests: below the first the owner may be away, from the second on work is here. */
const QUIET_LOAD = 0.5;
const BUSY_LOAD = 1;

/** What is read of a workstation at one moment. */
export interface Signs {
  /** Changes with each key and each movement of a mouse. */
  readonly inputs: string;
  /** logind's IdleHint, turned round: a session says that a person uses it. Absent without logind. */
  readonly isInUse?: boolean;
  /** The load average of one minute for each processor, without the guests. */
  readonly load: number;
}

export class Owner {
  #inputs: string | undefined;
  #usedAt = 0;
  #isAway = false;

  /** Whether the owner is away at `now`, in seconds of any clock. The first call begins the time without input. */
  isAway({ inputs, isInUse = false, load }: Signs, now: number): boolean {
    if (inputs !== this.#inputs || isInUse) this.#usedAt = now;
    this.#inputs = inputs;
    const isUntouched = now - this.#usedAt >= AWAY_SECONDS;
    this.#isAway = isUntouched && load < (this.#isAway ? BUSY_LOAD : QUIET_LOAD);
    return this.#isAway;
  }
}
