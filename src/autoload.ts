/** Registers each element when its tag is first seen in the page: a page with one element loads the code of one. */

const elements: Readonly<Record<string, () => Promise<unknown>>> = {
  "lexi-scope": () => import("./elements/lexi-scope/define.js"),
  "attention-formula": () => import("./elements/attention-formula/define.js"),
  "attention-grid": () => import("./elements/attention-grid/define.js"),
  "attention-heatmap": () => import("./elements/attention-heatmap/define.js"),
  "attention-lines": () => import("./elements/attention-lines/define.js"),
  "example-map": () => import("./elements/example-map/define.js"),
  "explanation-summary": () => import("./elements/explanation-summary/define.js"),
  "faithfulness-report": () => import("./elements/faithfulness-report/define.js"),
  "bias-probe": () => import("./elements/bias-probe/define.js"),
  "counterfactual-list": () => import("./elements/counterfactual-list/define.js"),
  "model-metrics": () => import("./elements/model-metrics/define.js"),
  "prediction-bars": () => import("./elements/prediction-bars/define.js"),
  "saliency-bars": () => import("./elements/saliency-bars/define.js"),
  "saliency-text": () => import("./elements/saliency-text/define.js"),
  "similar-examples": () => import("./elements/similar-examples/define.js"),
};

const selector = Object.keys(elements).map((tag) => `${tag}:not(:defined)`).join();

/** Loads what stands in `root` and is not defined yet. Each tag is loaded once. */
export function discover(root: ParentNode): void {
  const seen = root.querySelectorAll(selector);
  for (const { localName } of root instanceof Element && root.matches(selector) ? [root, ...seen] : seen) load(localName);
}

const begun = new Set<string>();

function load(tag: string): void {
  const element = elements[tag];
  if (!element || begun.has(tag)) return;
  begun.add(tag);
  element().catch((error: unknown) => {
    begun.delete(tag); // the next sight of the tag tries again
    console.error(`lexiscope: <${tag}> could not be loaded`, error);
  });
}

if (typeof document !== "undefined") {
  new MutationObserver((records) => {
    for (const { addedNodes } of records) for (const node of addedNodes) if (node instanceof Element) discover(node);
  }).observe(document.documentElement, { childList: true, subtree: true });
  discover(document);
}
