/** The HTTP half of a boot server: the files of one folder, read only. */

import { realpathSync, statSync } from "node:fs";
import { join, normalize } from "node:path";

export interface FileServer {
  readonly port: number;
  stop(): Promise<void>;
}

export interface FileServerOptions {
  /** The only address to listen on. */
  readonly address: string;
  readonly port: number;
  readonly folder: string;
  /** Called for each GET of a file that exists. */
  readonly requested: (ip: string, path: string) => void;
}

/** @throws Error for a port in use */
export function serveFiles({ address, port, folder, requested }: FileServerOptions): FileServer {
  const server = Bun.serve({
    hostname: address,
    port,
    // In development mode Bun sends our source to the client whose request fails.
    development: false,
    fetch(request, own) {
      if (request.method !== "GET" && request.method !== "HEAD") return new Response(null, { status: 405 });
      const pathname = URL.parse(request.url)?.pathname;
      if (pathname === undefined)
        return new Response("Cannot read that: a host was wanted\n", { status: 400 });
      const file = findFile(folder, pathname);
      if (file === undefined) return new Response("There is no such file here\n", { status: 404 });
      if (request.method === "GET") requested(own.requestIP(request)?.address ?? "", pathname);
      return new Response(Bun.file(file));
    },
  });
  return { port: server.port ?? port, stop: () => server.stop(true) };
}

/** The file of a URL's path; undefined for anything but a file inside the folder. */
export function findFile(folder: string, pathname: string): string | undefined {
  try {
    const path = realpathSync(join(folder, normalize(decodeURIComponent(pathname))));
    return path.startsWith(`${realpathSync(folder)}/`) && statSync(path).isFile() ? path : undefined;
  } catch {
    return undefined;
  }
}
