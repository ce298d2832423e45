/** The open pages. Each gets the newest events; a slow page cannot make the node buffer more than one of each. */

import type { ServerResponse } from "node:http";

/** Open pages in all. */
const MOST_VIEWERS = 32;
/** Beats without progress after which a page is dropped. */
const PATIENCE = 20;

export interface ServerEvent {
  /** The name of the event. */
  readonly name: string;
  readonly text: string;
}

interface Viewer {
  readonly response: ServerResponse;
  /** The last text sent, by event name. */
  readonly seen: Map<string, string>;
  stalled: number;
}

export class Viewers {
  readonly #viewers = new Set<Viewer>();
  readonly #events: () => readonly ServerEvent[];

  /** `events` is called only while a viewer is connected. */
  constructor(events: () => readonly ServerEvent[]) {
    this.#events = events;
  }

  get count(): number {
    return this.#viewers.size;
  }

  get isFull(): boolean {
    return this.#viewers.size >= MOST_VIEWERS;
  }

  /** Adds a page: it gets `first`, then all current events. */
  add(response: ServerResponse, first: ServerEvent): void {
    const viewer: Viewer = { response, seen: new Map(), stalled: 0 };
    this.#viewers.add(viewer);
    response.on("close", () => this.#viewers.delete(viewer));
    response.on("error", () => this.#drop(viewer));
    response.write(eventOf(first));
    send(viewer, this.#events());
  }

  /** Sends changed events to every page that has taken the events before; the caller does so once a second. */
  beat(): void {
    if (this.#viewers.size === 0) return;
    const events = this.#events();
    for (const viewer of this.#viewers) {
      if (viewer.response.writableLength === 0) {
        viewer.stalled = 0;
        send(viewer, events);
      } else if (++viewer.stalled > PATIENCE) {
        this.#drop(viewer);
      }
    }
  }

  close(): void {
    for (const viewer of this.#viewers) this.#drop(viewer);
  }

  #drop(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    viewer.response.destroy();
  }
}

function send({ response, seen }: Viewer, events: readonly ServerEvent[]): void {
  const news = events.filter(({ name, text }) => seen.get(name) !== text);
  for (const { name, text } of news) seen.set(name, text);
  if (news.length > 0) response.write(news.map(eventOf).join(""));
}

/** HTML, section 9.2.6; JSON text contains no line ends. */
function eventOf({ name, text }: ServerEvent): string {
  return `event: ${name}\ndata: ${text}\n\n`;
}
