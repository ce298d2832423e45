/** Blocks of a Markdown document that are made from the code, between two comments. */

const BLOCK = /(<!-- made from the code: ([\w-]+) -->\n)[\s\S]*?(<!-- end -->)/g;

/**
 * The document with each block replaced by the text of its name.
 * @throws RangeError where the document and the texts do not have the same names
 */
export function replaceBlocks(document: string, texts: Readonly<Record<string, string>>): string {
  const missing = new Set(Object.keys(texts));
  const replaced = document.replace(BLOCK, (_, begin: string, name: string, end: string) => {
    const text = texts[name];
    if (text === undefined)
      throw new RangeError(`Cannot make the block "${name}": no text of that name was made`);
    missing.delete(name);
    return `${begin}${text}${end}`;
  });
  const [name] = missing;
  if (name !== undefined)
    throw new RangeError(`Cannot place the text "${name}": the document has no block for it`);
  return replaced;
}
