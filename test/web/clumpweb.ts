/** A clumpweb of its own on the loopback interface, as the service runs it: a process without a compiler. */

import { SERVICES } from "../../modes/services.ts";

export const PASSWORD = "open sesame";

export interface Clumpweb extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  /** Asks for a path, with the password unless another, or none, is given. */
  get(
    path: string,
    options?: { readonly password?: string | null; readonly accept?: string },
  ): Promise<Response>;
}

/** Starts it on a free port for the node below `root`. @throws Error with what it said instead of a port */
export async function startClumpweb(root: string): Promise<Clumpweb> {
  const [service] = SERVICES.clumpweb({ consoles: [], locksShells: false, web: 0 });
  const child = Bun.spawn(
    [process.execPath, "init/main.ts", "clumpweb", "--root", root, "--address", "127.0.0.1", "--port", "0"],
    { stdio: ["ignore", "inherit", "pipe"], env: { ...process.env, ...service?.environment } },
  );
  const port = await findPort(child.stderr);
  return {
    port,
    pid: child.pid,
    get(path, { password = PASSWORD, accept = "*/*" } = {}) {
      const authorization = { Authorization: `Basic ${btoa(`clump:${password}`)}` };
      const headers = { Accept: accept, Connection: "close", ...(password === null ? {} : authorization) };
      return fetch(`http://127.0.0.1:${port}${path}`, { headers });
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.exited;
    },
  };
}

async function findPort(stderr: ReadableStream<Uint8Array>): Promise<number> {
  const decoder = new TextDecoder();
  let said = "";
  for await (const bytes of stderr) {
    said += decoder.decode(bytes, { stream: true });
    const port = /web view is on port (\d+)/.exec(said)?.[1];
    if (port) return Number(port);
  }
  throw new Error(`Cannot start clumpweb: ${said}`);
}
