/** GRUB's own words around the menu, in ours: GRUB takes them as a translation (gettext), from a file of messages. */

/** The language of the file: `set lang=` loads `$prefix/locale/LANGUAGE.mo`. */
export const LANGUAGE = "clump";

/** GRUB's messages (grub-core/normal/menu_text.c) and ours; GRUB shows its own where it has changed one. */
const WORDS: Readonly<Record<string, string>> = {
  // The header of the file: GRUB never looks for the message that comes first.
  "": "Content-Type: text/plain; charset=UTF-8\n",
  "GNU GRUB  version %s": "clump: this PC as a node of a cluster",
  "Press enter to boot the selected OS, `e' to edit the commands before booting or `c' for a command-line. ESC to return previous menu.":
    "Enter boots this PC, `e' adds options for one boot, `c' is the command line of GRUB. ESC leads back.",
  "Press enter to boot the selected OS, `e' to edit the commands before booting or `c' for a command-line.":
    "Enter boots this PC, `e' adds options for one boot, `c' is the command line of GRUB.",
};

const MAGIC = 0x950412de;
const HEADER_BYTES = 28;
/** Length and offset of one text. */
const ENTRY_BYTES = 8;

/** The file of messages; "The Format of GNU MO Files" of the manual of gettext. */
export function menuWords(): Uint8Array {
  const messages = Object.entries(WORDS).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const texts = [...messages.map(([message]) => message), ...messages.map(([, word]) => word)];
  const tables = Buffer.alloc(HEADER_BYTES + texts.length * ENTRY_BYTES);
  const translations = HEADER_BYTES + messages.length * ENTRY_BYTES;
  // Magic number, revision, number of messages, offsets of both tables, and no table of hashes.
  const header = [MAGIC, 0, messages.length, HEADER_BYTES, translations, 0, tables.length];
  for (const [index, word] of header.entries()) tables.writeUInt32LE(word, 4 * index);
  let at = tables.length;
  for (const [index, text] of texts.entries()) {
    tables.writeUInt32LE(Buffer.byteLength(text), HEADER_BYTES + index * ENTRY_BYTES);
    tables.writeUInt32LE(at, HEADER_BYTES + index * ENTRY_BYTES + 4);
    at += Buffer.byteLength(text) + 1;
  }
  return Buffer.concat([tables, ...texts.map((text) => Buffer.from(`${text}\0`))]);
}
