/** The HTTP half of a boot server: the files of one folder, to read only. */

import { realpathSync, statSync } from "node:fs";
import { join, normalize } from "node:path";

export interface FileServer {
  readonly port: number;
  stop(): Promise<void>;
}

export interface FileServerOptions {
  /** The address to listen on; none other is answered. */
  readonly address: string;
  readonly port: number;
  readonly folder: string;
  /** Called with each file that is asked for and there. */
  readonly asked: (ip: string, path: string) => void;
}

/** @throws Error where the port is taken */
export function serveFiles({ address, port, folder, asked }: FileServerOptions): FileServer {
  const server = Bun.serve({
    hostname: address,
    port,
    // Else whoever makes it fail is sent a page of our source.
    development: false,
    fetch(request, own) {
      if (request.method !== "GET" && request.method !== "HEAD") return new Response(null, { status: 405 });
      const pathname = URL.parse(request.url)?.pathname;
      if (pathname === undefined)
        return new Response("Cannot read that: a host was wanted\n", { status: 400 });
      const file = findFile(folder, pathname);
      if (file === undefined) return new Response("There is no such file here\n", { status: 404 });
      if (request.method === "GET") asked(own.requestIP(request)?.address ?? "", pathname);
      return new Response(Bun.file(file));
    },
  });
  return { port: server.port ?? port, stop: () => server.stop(true) };
}

/** A file of the folder by the path of a URL; undefined for what is no file or lies outside. */
export function findFile(folder: string, pathname: string): string | undefined {
  try {
    const path = realpathSync(join(folder, normalize(decodeURIComponent(pathname))));
    return path.startsWith(`${realpathSync(folder)}/`) && statSync(path).isFile() ? path : undefined;
  } catch {
    return undefined;
  }
}
