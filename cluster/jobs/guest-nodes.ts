/** What home asks of the nodes where its guests are: over the network, or of this node where a guest has come home. */

import type { Socket } from "node:net";
import { NoRoom, type Room } from "../balance/room.ts";
import { takeLine } from "../links/first-line.ts";
import type { Guests } from "./guests.ts";

/** The answers to a link: its guest is on this node, or is not, or not any more. */
export const HERE = "here";
export const GONE = "gone";
/** The answer to a guest that has gone on. */
export const MOVED = "moved";
/** The answer to a process that may come by itself. */
export const PROMISED = "promised";
/** Begins the answer to a guest that would go on by itself to a node without room. */
export const FULL = "full ";
/** Ends the order to send a guest on where no person has chosen the node. */
export const BY_ITSELF = "by-itself";
/** Where a job runs that is not away, and one whose move is not over; other answers are addresses. */
export const NOWHERE = "nowhere";
export const UNDECIDED = "undecided";

/** A process of some memory takes as long as the network does. */
const MOVE_MILLISECONDS = 600_000;

export interface GuestNodesOptions {
  /** This node's LAN address. */
  readonly own: string;
  /** Connects to the daemon of jobs on the node with that LAN address. */
  readonly dial: (node: string) => Promise<Socket>;
  readonly guests: Guests;
}

export class GuestNodes {
  readonly #options: GuestNodesOptions;

  constructor(options: GuestNodesOptions) {
    this.#options = options;
  }

  /**
   * Has the deputy's connection linked to the guest: `splice` gets the connection to another node.
   * @returns false where the guest is not there. @throws Error where the node does not answer
   */
  async link(
    node: string,
    job: string,
    { deputy, splice }: { readonly deputy: Socket; readonly splice: (guest: Socket) => void },
  ): Promise<boolean> {
    const { own, guests } = this.#options;
    if (node === own) {
      if (!guests.isOf(own, job)) return false;
      guests.link(job, deputy);
      return true;
    }
    const guest = await this.#options.dial(node);
    guest.on("error", () => {});
    deputy.on("close", () => guest.destroy());
    if (deputy.destroyed) guest.destroy();
    guest.write(`link ${job}\n`);
    const answer = await takeLine(guest);
    if (answer === HERE) splice(guest);
    else guest.destroy();
    if (answer !== HERE && answer !== GONE) throw new Error(`Cannot link a job: ${node} answers "${answer}"`);
    return answer === HERE;
  }

  /**
   * Has the guest go on, `isByItself` where no person has chosen the node.
   * @throws Error with the reason where it runs on, or where the node does not answer
   */
  async sendOnward(node: string, job: string, next: string, isByItself: boolean): Promise<void> {
    const { own, guests } = this.#options;
    if (node === own) return await guests.sendOnward(own, job, { next, isByItself });
    await this.#order(node, `onward ${job} ${next}${isByItself ? ` ${BY_ITSELF}` : ""}`);
  }

  /** Has that node promise room for a process that moves by itself. @throws NoRoom with the reason, and Error where it does not answer */
  async promiseRoom(node: string, { running, memory }: Room): Promise<void> {
    const answer = await this.#ask(node, `room ${running} ${memory}`);
    if (answer !== PROMISED) throw new NoRoom(answer.replace(/^refused /, ""));
  }

  /** Has that home send its guest on from here. @throws NoRoom, or Error with the reason where the guest stays */
  async pass(home: string, job: string, to: string, { running, memory }: Room): Promise<void> {
    await this.#order(home, `pass ${job} ${to} ${running} ${memory}`);
  }

  /** Has that home take its guest away from here. @throws Error with the reason where the guest stays */
  async recall(home: string, job: string): Promise<void> {
    await this.#order(home, `recall ${job}`);
  }

  /** What the processor of that node can do: flags of /proc/cpuinfo. @throws Error where the node does not answer */
  async instructions(node: string): Promise<string[]> {
    return (await this.#ask(node, "processor")).split(" ");
  }

  /** Whether the guest is there; `undefined` where the node does not answer. */
  async has(node: string, job: string): Promise<boolean | undefined> {
    if (node === this.#options.own) return this.#options.guests.has(job);
    return await this.#ask(node, `guest ${job}`).then(readYes, () => undefined);
  }

  /** Whether that home still wishes its guest to go on from here. @throws Error where the home does not answer */
  async isToGo(home: string, job: string, next: string): Promise<boolean> {
    return (await this.#ask(home, `goes ${job} ${next}`)) === "yes";
  }

  async #order(node: string, line: string): Promise<void> {
    const answer = await this.#ask(node, line, MOVE_MILLISECONDS);
    if (answer.startsWith(FULL)) throw new NoRoom(answer.slice(FULL.length));
    if (answer !== MOVED) throw new Error(answer.replace(/^refused /, ""));
  }

  /** Where the job of that home runs: an address, or a word above; UNDECIDED also where the home does not answer. */
  async whereIs(home: string, job: string): Promise<string> {
    return await this.#ask(home, `where ${job}`).catch(() => UNDECIDED);
  }

  async #ask(node: string, line: string, milliseconds?: number): Promise<string> {
    const socket = await this.#options.dial(node);
    socket.write(`${line}\n`);
    return await takeLine(socket, milliseconds).finally(() => socket.destroy());
  }
}

export interface HomesOptions {
  /** This node's LAN address. */
  readonly own: string;
  readonly nodes: () => Pick<GuestNodes, "whereIs" | "isToGo">;
  readonly hops: () => { isToGo(from: string, job: string, next: string): boolean };
  /** Where that job of this node runs, as GuestNodes.whereIs() has it. */
  readonly whereIs: (job: string) => string;
}

/** What the node of a guest asks of the guest's home: over the network, or of this node itself. */
export class Homes {
  readonly #options: HomesOptions;

  constructor(options: HomesOptions) {
    this.#options = options;
  }

  /** Whether the job is to run on this node; `undefined` while its home does not know or answer. */
  async isToRun(home: string, job: string): Promise<boolean | undefined> {
    const { own, nodes, whereIs } = this.#options;
    const place = home === own ? whereIs(job) : await nodes().whereIs(home, job);
    return place === UNDECIDED ? undefined : place === own;
  }

  /** Whether the home still wishes its guest to go on to that node. @throws Error where the home does not answer */
  async isToGo(home: string, job: string, next: string): Promise<boolean> {
    const { own, nodes, hops } = this.#options;
    return home === own ? hops().isToGo(own, job, next) : await nodes().isToGo(home, job, next);
  }
}

function readYes(answer: string): boolean | undefined {
  return answer === "yes" ? true : answer === "no" ? false : undefined;
}
