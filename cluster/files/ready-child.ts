/** A child that says in one line that it is ready, or ends with a complaint. */

/** Its standard output and error are pipes. */
export type ReadyChild = Bun.Subprocess<"pipe" | "ignore", "pipe", "pipe">;

/** Resolves when it has written a line. @throws Error with its complaint, when it has ended without */
export async function becomesReady(child: ReadyChild): Promise<void> {
  const reader = child.stdout.getReader();
  const { done } = await reader.read();
  reader.releaseLock();
  if (!done) return;
  const complaint = (await new Response(child.stderr).text()).trim();
  throw new Error(complaint === "" ? "Cannot start: it ended without a word" : complaint);
}
