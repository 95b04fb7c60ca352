/** A corpus's vectors as the bytes of a file, to be stored beside it: what `vectors` names. No explanation, but asked for like one. */
import { LexiscopeError } from "../../base/errors.js";
import type { Answering } from "../answering.js";
import type { CorpusChoice } from "../corpus-requests.js";
import { corpusTexts } from "../corpus-texts.js";
import { corpusVectors, hiddenChoice, requireClassifier, vectorsOf } from "../corpus-vectors.js";
import type { RunOptions } from "../types.js";
import { encodeVectors } from "../vector-file.js";

/** Throws `unsupported` for a model that no examples can be compared by, and what reading the corpus throws. */
export async function corpusFile(model: Answering, choice: CorpusChoice, options: RunOptions = {}): Promise<Uint8Array> {
  requireClassifier(model);
  const hidden = hiddenChoice(model, choice);
  const corpus = await corpusTexts(choice, options);
  const [probe] = await vectorsOf(model, [model.encode({ text: corpus.texts[0]! })], hidden, options.signal);
  const vectors = await corpusVectors(model, corpus, hidden, probe!, choice.vectors, options);
  if (!vectors.done.includes(1)) throw new LexiscopeError("bad-input", "the model can read none of the corpus's texts", { phase: "request" });
  return encodeVectors({ ...vectors.key, model: model.facts.hash }, vectors);
}
