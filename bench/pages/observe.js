// What the page bench reads: when each picture was on the screen, and the longest task of the page's thread.
performance.mark("lexi-bench"); // tells this page's thread from the browser's others in a trace
const seen = { pictures: {}, longestTask: 0, errors: [] };
globalThis.lexiscopeBench = seen;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) seen.longestTask = Math.max(seen.longestTask, entry.duration);
}).observe({ type: "longtask", buffered: true });
addEventListener("lexi-explained", (event) => {
  const name = event.target.localName;
  requestAnimationFrame(() => requestAnimationFrame(() => (seen.pictures[name] ??= performance.now())));
});
addEventListener("lexi-error", (event) => seen.errors.push(String(event.detail.error?.message ?? event.detail.error)));
