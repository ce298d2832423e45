/** The Chrome DevTools Protocol, as much as a test needs: commands with answers, and events. */

export type Message = Readonly<Record<string, unknown>>;

export class DevTools {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Message>>();
  readonly #listeners = new Map<string, (event: Message) => void>();
  #count = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#take(JSON.parse(String(data)) as Message);
    socket.onclose = () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("Chromium hung up"));
    };
  }

  static async connect(url: string): Promise<DevTools> {
    const socket = new WebSocket(url);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error(`Cannot speak to Chromium at ${url}`));
    await promise;
    return new DevTools(socket);
  }

  /** @throws Error with the protocol's own message */
  send(method: string, params: Message = {}): Promise<Message> {
    const id = ++this.#count;
    const answer = Promise.withResolvers<Message>();
    // A command whose answer nobody waits for may end with the browser.
    answer.promise.catch(() => {});
    this.#waiting.set(id, answer);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return answer.promise;
  }

  /** One listener an event: a later one takes the place of an earlier. */
  on(event: string, listener: (event: Message) => void): void {
    this.#listeners.set(event, listener);
  }

  close(): void {
    this.#socket.close();
  }

  #take({ id, result, error, method, params }: Message): void {
    if (typeof method === "string") this.#listeners.get(method)?.((params ?? {}) as Message);
    const answer = this.#waiting.get(Number(id));
    if (answer === undefined) return;
    this.#waiting.delete(Number(id));
    if (error) answer.reject(new Error(`Cannot drive Chromium: ${(error as { message: string }).message}`));
    else answer.resolve((result ?? {}) as Message);
  }
}
