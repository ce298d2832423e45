/**
 * One move, as the home node sees it: a pure function. Until the step "commit" has succeeded the job is at home, frozen
 * or running, and each failure leads back; body and original never both run.
 */

/** What the mover is doing; each state is named after its step. */
export type State =
  | {
      readonly at:
        | "EXAMINING"
        | "COPYING"
        | "FREEZING"
        | "DUMPING"
        | "SENDING"
        | "RESTORING"
        | "COMMITTING"
        | "RELEASING";
    }
  /** The guest runs abroad, and the original is its deputy. */
  | { readonly at: "AWAY" }
  /** The job runs at home as if nothing had happened, for this reason. */
  | { readonly at: "HOME"; readonly reason: string }
  /** The job has ended by itself meanwhile. */
  | { readonly at: "ENDED" };

export type Event =
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly reason: string }
  /** The process is gone: a signal that ends it ends also a frozen one. */
  | { readonly kind: "ended" };

/**
 * examine: look whether the process can move; copy: announce it, and hand over the memory of a large process while the
 * process runs;
 * freeze: stop it unseen; dump: write its images; send: hand them over; restore: wait until the guest is whole and has
 * not run; commit: make the original a deputy; go: let the guest run; refuse: tell the other node to kill its copy;
 * thaw: let the original run on; keep: leave the images for a start after the death of the node, where that was wished;
 * forget: remove them.
 */
export type Effect =
  | "examine"
  | "copy"
  | "freeze"
  | "dump"
  | "send"
  | "restore"
  | "commit"
  | "go"
  | "refuse"
  | "thaw"
  | "keep"
  | "forget";

export interface Step {
  readonly state: State;
  /** To be performed in this order; the last one that is a step of the way answers with the next event. */
  readonly effects: readonly Effect[];
}

export const START: Step = { state: { at: "EXAMINING" }, effects: ["examine"] };

/** A job that is lost with its node begins where its image goes over: its original is a deputy and stays one. */
export const START_AGAIN: Step = { state: { at: "SENDING" }, effects: ["send"] };

const NEXT = {
  EXAMINING: { at: "COPYING", effect: "copy" },
  COPYING: { at: "FREEZING", effect: "freeze" },
  FREEZING: { at: "DUMPING", effect: "dump" },
  DUMPING: { at: "SENDING", effect: "send" },
  SENDING: { at: "RESTORING", effect: "restore" },
  RESTORING: { at: "COMMITTING", effect: "commit" },
  COMMITTING: { at: "RELEASING", effect: "go" },
} as const;

/** States in which the process has not been frozen yet. */
const RUNNING = ["EXAMINING", "COPYING"];

export function transition(state: State, event: Event): Step {
  switch (state.at) {
    case "AWAY":
    case "HOME":
    case "ENDED":
      return { state, effects: [] };
    case "RELEASING":
      // The commit cannot be taken back: where the word "go" is lost, the deputy finds that its guest is.
      return { state: { at: "AWAY" }, effects: ["keep"] };
    default:
      if (event.kind === "done")
        return { state: { at: NEXT[state.at].at }, effects: [NEXT[state.at].effect] };
      return goBack(state, event);
  }
}

function goBack({ at }: State, event: Exclude<Event, { kind: "done" }>): Step {
  // From COPYING on the other node may hold images of the process.
  const refusal: Effect[] = at === "EXAMINING" ? [] : ["refuse"];
  const thaw: Effect[] = RUNNING.includes(at) ? [] : ["thaw"];
  const state: State = event.kind === "ended" ? { at: "ENDED" } : { at: "HOME", reason: event.reason };
  // The copy dies first: it must not run beside the original.
  return { state, effects: [...refusal, ...thaw, "forget"] };
}
