/**
 * The nodes that others have named and this node has no word from. In a cluster without a key anybody may name nodes
 * that are not there, so a rumour is believed once two nodes that have answered this node tell it. Until then this node
 * asks the named node itself, which is the quicker way in a small cluster.
 */

interface Rumour {
  readonly witness: number;
  readonly probesLeft: number;
}

/** Unanswered probes after which a rumour is dropped; who tells it again starts a new one. */
const PROBES = 3;

export class Rumours {
  /** By address; the one that was probed longest ago comes first. */
  readonly #rumours = new Map<number, Rumour>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether to believe that the node is there, which `witness` says: another witness has said so before. */
  hear(address: number, witness: number): boolean {
    const rumour = this.#rumours.get(address);
    if (rumour !== undefined && rumour.witness !== witness) return true;
    if (rumour === undefined && this.#rumours.size < this.#most)
      this.#rumours.set(address, { witness, probesLeft: PROBES });
    return false;
  }

  /** The node has proved to be there. */
  drop(address: number): void {
    this.#rumours.delete(address);
  }

  /** The addresses to probe now, `most` at most. */
  next(most: number): number[] {
    const due = [...this.#rumours].slice(0, most);
    for (const [address, { witness, probesLeft }] of due) {
      this.#rumours.delete(address);
      if (probesLeft > 1) this.#rumours.set(address, { witness, probesLeft: probesLeft - 1 });
    }
    return due.map(([address]) => address);
  }
}
