/**
 * The one door to the engine. Not the engine: it is imported only when a model is asked for, so that an element with a stored
 * explanation never loads a runtime. `setLoadModel` puts another loader in its place: a test's fake, or a page's own.
 */
import type { LoadModel } from "../engine/types.js";

let replacement: LoadModel | null = null;

/** Every later request of every element on the page goes to `load`; null brings the built-in engine back. */
export function setLoadModel(load: LoadModel | null): void {
  replacement = load;
}

export const loadModel: LoadModel = async (reference, options) => {
  if (replacement) return replacement(reference, options);
  const engine = await import("../engine/load-model.js");
  return engine.loadModel(reference, options);
};
