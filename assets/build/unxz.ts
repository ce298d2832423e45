/** Unpacks what xz(1) has packed. */

/**
 * The bytes of the first xz stream in `packed`; the kernel's has its length behind it. `name` says in the error what
 * could not be unpacked. @throws Error with the words of xz
 */
export async function unxz(packed: Uint8Array, name: string): Promise<Uint8Array> {
  const child = Bun.spawn(["xz", "-dc", "--single-stream"], {
    stdin: packed,
    stdout: "pipe",
    stderr: "pipe",
  });
  const [bytes, said, code] = await Promise.all([child.stdout.bytes(), child.stderr.text(), child.exited]);
  if (code === 0) return bytes;
  throw new Error(`Cannot unpack ${name}: xz ended with ${code} and said\n  ${said.trim()}`);
}
