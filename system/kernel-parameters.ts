/** Words part at blanks that are not within double quotes, which themselves go away; lib/cmdline.c, next_arg(). */
export function splitParameters(text: string): string[] {
  const words = text.match(/(?:"[^"]*"?|[^\s"])+/g) ?? [];
  return words.map((word) => word.replaceAll('"', ""));
}
