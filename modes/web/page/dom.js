/** Elements of the page: found, made and written. */

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 */
export function byId(id, kind) {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new Error(`Cannot show the page: there is no ${id} in it`);
}

/**
 * @param {string} id
 * @param {string} text
 */
export function write(id, text) {
  const element = byId(id, HTMLElement);
  if (element.textContent !== text) element.textContent = text;
}

/**
 * @param {string} tag
 * @param {string} text
 */
export function element(tag, text, className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

/**
 * Replaces the children only where they differ, so that a screen reader hears news alone.
 * @param {string} id
 * @param {HTMLElement[]} children
 */
export function showList(id, children) {
  const list = byId(id, HTMLElement);
  const isSame =
    list.children.length === children.length &&
    children.every((child, index) => list.children[index]?.isEqualNode(child));
  if (!isSame) list.replaceChildren(...children);
}
