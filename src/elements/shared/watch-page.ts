/**
 * When the surrounding page changes its scheme, language or direction: one set of observers for all elements. Apart from `page.ts`, because
 * the first picture needs none of it.
 */
const callbacks = new Set<() => void>();
let watching = false;

function watch(): void {
  watching = true;
  const tell = () => callbacks.forEach((callback) => callback());
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)", "print"]) matchMedia(query).addEventListener("change", tell);
  const observer = new MutationObserver(tell);
  observer.observe(document, { subtree: true, attributeFilter: ["lang", "dir"] });
  observer.observe(document.documentElement, { attributes: true });
  observer.observe(document.body ?? document.documentElement, { attributes: true });
}

/** Calls `callback` when the page's scheme, language, direction or the classes of its root change; returns how to stop. */
export function watchPage(callback: () => void): () => void {
  callbacks.add(callback);
  if (!watching) watch();
  return () => callbacks.delete(callback);
}
