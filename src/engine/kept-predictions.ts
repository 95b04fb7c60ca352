/**
 * What models said of texts, of the models asked last: another slice, gate or interval over the same data asks the model nothing. Not on disk, and
 * not of one data set: a file that has changed costs its new texts only.
 */

/** Texts kept of a model, and models. */
const MOST_TEXTS = 200_000;
const MOST_MODELS = 4;

const kept = new Map<string, Map<string, unknown>>();

/** What is kept of the model called `key`, by text; the caller adds to it. */
export function keptPredictions<T>(key: string): Map<string, T> {
  const known = kept.get(key) as Map<string, T> | undefined;
  const found = known && known.size <= MOST_TEXTS ? known : new Map<string, T>(); // whoever works with the old one keeps it
  kept.delete(key);
  kept.set(key, found);
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_MODELS) break;
    kept.delete(oldest);
  }
  return found;
}
