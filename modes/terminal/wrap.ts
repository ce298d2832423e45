/** Wraps a text into lines of at most `width` columns, between words; only a longer word is cut. */
export function wrapText(text: string, width: number): string[] {
  const columns = Math.max(width, 1);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (Bun.stringWidth(joined) <= columns) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = cutWord(word, columns);
    line = pieces.pop() ?? "";
    lines.push(...pieces);
  }
  return [...lines, line];
}

function cutWord(word: string, columns: number): string[] {
  const pieces = [""];
  for (const character of word) {
    const piece = `${pieces.at(-1)}${character}`;
    if (Bun.stringWidth(piece) <= columns) pieces[pieces.length - 1] = piece;
    else pieces.push(character);
  }
  return pieces;
}
