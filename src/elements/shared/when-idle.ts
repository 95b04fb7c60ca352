/** Work that may wait for a quiet moment of the page. */

/** After the picture, before a hand can reach it. */
export function whenIdle(act: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(act, { timeout: 500 });
  else setTimeout(act, 100);
}
