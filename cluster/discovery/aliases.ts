/**
 * Puts the further addresses of a node in the place of what is known of it, by its first; of too many nodes the one
 * longest unheard makes room.
 */
export function rememberAliases(
  all: Map<number, readonly number[]>,
  { address, aliases, most }: { address: number; aliases: readonly number[]; most: number },
): void {
  all.delete(address);
  if (aliases.length > 0) all.set(address, aliases);
  const [oldest] = all.keys();
  if (all.size > most && oldest !== undefined) all.delete(oldest);
}
