/** The stream of server-sent events from the node; it connects again after silence and refusals. */

import { write } from "./dom.js";
import { formatDuration } from "./rows.js";

/** After so long without an event the node counts as gone. */
const SILENCE_SECONDS = 6;
/** Then the page connects anew: after a power failure neither side may learn that the connection is gone. */
const ANEW_SECONDS = 20;
/** A refusal may make the browser ask for the password, so the page does not retry at once. */
const RETRY_MILLISECONDS = 30_000;

/** @typedef {Readonly<Record<string, (data: any) => void>>} Handlers by the name of the event */

export class Connection {
  #handlers;
  /** @type {EventSource | undefined} */
  #source;
  #heardAt = 0;
  #connectedAt = 0;

  /** @param {Handlers} handlers */
  constructor(handlers) {
    this.#handlers = handlers;
    this.#connect();
    setInterval(() => this.#watch(), 1_000);
  }

  #connect() {
    const source = new EventSource("/events");
    this.#source = source;
    this.#connectedAt = performance.now();
    for (const [name, take] of Object.entries(this.#handlers)) {
      source.addEventListener(name, ({ data }) => {
        this.#heardAt = performance.now();
        take(JSON.parse(data));
        showLink("live", true);
      });
    }
    source.onerror = () => {
      // The browser reconnects by itself unless the node refused.
      if (source.readyState !== EventSource.CLOSED) {
        showLink("connection lost, trying again", false);
        return;
      }
      showLink("refused: the password has changed, or too many pages are open", false);
      setTimeout(() => this.#connect(), RETRY_MILLISECONDS);
    };
  }

  /** A node that loses its power does not close its connection. */
  #watch() {
    if (this.#source?.readyState !== EventSource.OPEN) return;
    const now = performance.now();
    const silent = (now - this.#heardAt) / 1000;
    if (this.#heardAt === 0 || silent <= SILENCE_SECONDS) return;
    showLink(`nothing heard for ${formatDuration(silent)}`, false);
    if ((now - Math.max(this.#heardAt, this.#connectedAt)) / 1000 <= ANEW_SECONDS) return;
    this.#source.close();
    this.#connect();
  }
}

/**
 * @param {string} text
 * @param {boolean} isLive
 */
function showLink(text, isLive) {
  write("link", text);
  document.body.classList.toggle("stale", !isLive);
}
