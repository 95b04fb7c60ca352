/**
 * Registers a tag once. Not `customElements.define`: that throws when a page loads a second copy of the library, and takes the rest
 * of the bundle with it.
 */

/** The first definition stays; a second one warns. In Node, where there is no registry, nothing happens. */
export function define(tag: string, element: CustomElementConstructor): void {
  if (typeof customElements === "undefined") return;
  if (customElements.get(tag)) console.warn(`lexiscope: <${tag}> is already defined; the first definition stays. Is the script loaded twice?`);
  else customElements.define(tag, element);
}
