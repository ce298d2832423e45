/** Runs the programs of the build machine. */

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Called with each line of standard output as it comes. */
  readonly onLine?: (line: string) => void;
}

/**
 * Runs one program to its end and returns its standard output.
 * `purpose` completes "Cannot …" when it fails, as in "unpack kmod.deb".
 * @throws Error with the last lines the program wrote
 */
export async function run(
  purpose: string,
  command: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const name = command[0] ?? "";
  if (!name.includes("/") && Bun.which(name) === null) {
    throw new Error(`Cannot ${purpose}: there is no ${name} on this machine`);
  }
  const child = Bun.spawn([...command], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, LC_ALL: "C", ...options.env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, complaints, code] = await Promise.all([
    collect(child.stdout, options.onLine),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code === 0) return output;
  const said = (complaints.trim() || output.trim()).split("\n").slice(-6).join("\n  ");
  throw new Error(`Cannot ${purpose}: ${name} ended with ${code} and said\n  ${said}`);
}

async function collect(stream: ReadableStream<Uint8Array>, onLine?: (line: string) => void): Promise<string> {
  if (onLine === undefined) return new Response(stream).text();
  const decoder = new TextDecoder();
  let text = "";
  let reported = 0;
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf("\n", reported); end >= 0; end = text.indexOf("\n", reported)) {
      onLine(text.slice(reported, end));
      reported = end + 1;
    }
  }
  return text;
}
