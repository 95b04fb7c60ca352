/** A corpus as a plane: its vectors, two principal components, the model's answers, prototypes and criticisms; the text's own place when there is one. */
import { LexiscopeError } from "../../base/errors.js";
import type { ExampleMapExplanation } from "../../explanation/example-map.js";
import { mmdCritic } from "../../methods/examples/mmd-critic.js";
import { principalPlane } from "../../methods/examples/principal-plane.js";
import { dot, type Rows } from "../../methods/examples/rows.js";
import { softmax } from "../../methods/probabilities.js";
import type { Answering } from "../answering.js";
import { corpusInfo, corpusTexts, labelIndex, type CorpusTexts } from "../corpus-texts.js";
import { corpusVectors, hiddenChoice, requireClassifier, vectorsOf, type CorpusVectors, type HiddenChoice } from "../corpus-vectors.js";
import type { ExampleMapRequest } from "../corpus-requests.js";
import type { RunOptions } from "../types.js";

/** A column is a slice when it has from 2 to so many values. */
const MOST_VALUES = 12;
const PART_EVERY = 1500;
/** No plane is drawn of fewer rows. */
const FEWEST = 3;

interface Case {
  readonly model: Answering;
  readonly request: ExampleMapRequest;
  readonly corpus: CorpusTexts;
  readonly choice: HiddenChoice;
  readonly query: ArrayLike<number> | null;
}

export async function explainExampleMap(model: Answering, request: ExampleMapRequest, options: RunOptions): Promise<ExampleMapExplanation> {
  requireClassifier(model);
  const choice = hiddenChoice(model, request);
  const corpus = await corpusTexts(request, options);
  const hasText = request.text.trim() !== "";
  const [probe] = await vectorsOf(model, [model.encode({ text: hasText ? request.text : corpus.texts[0]! })], choice, options.signal);
  const each: Case = { model, request, corpus, choice, query: hasText ? probe!.vector : null };
  let told = performance.now();
  const vectors = await corpusVectors(model, corpus, choice, probe!, request.vectors, options, (part) => {
    if (!options.onProgress || performance.now() - told < PART_EVERY || part.settled === part.key.rows || part.settled < FEWEST) return;
    told = performance.now();
    options.onProgress({ phase: "explain", loaded: part.settled, total: part.key.rows, partial: mapOf(each, part, false) });
  });
  return mapOf(each, vectors, true);
}

function mapOf({ model, request, corpus, choice, query }: Case, vectors: CorpusVectors, whole: boolean): ExampleMapExplanation {
  const { width, labels } = vectors;
  const rows = Array.from(vectors.done.entries()).flatMap(([row, yes]) => (yes ? [row] : []));
  if (rows.length === 0) throw new LexiscopeError("bad-input", "the model can read none of the corpus's texts", { phase: "request" });
  const kept: Rows = { data: new Float32Array(rows.length * width), width };
  rows.forEach((row, place) => kept.data.set(vectors.vectors.subarray(row * width, (row + 1) * width), place * width));
  const { points, axes, mean, explained } = principalPlane(kept);
  const { prototypes = 6, criticisms = 4, seed = 0 } = request;
  const critic = whole ? mmdCritic(kept, { prototypes, criticisms, seed }) : { prototypes: [], criticisms: [] };
  const shifted = query && Float32Array.from(query, (value, column) => value - mean[column]!);
  return {
    ...model.base({ text: request.text }, query ? model.encode({ text: request.text }) : null, []), kind: "example-map", space: { layer: choice.layer, pooling: choice.pooling, width },
    corpus: corpusInfo(corpus, vectors.settled - rows.length, request.vectors === undefined ? undefined : vectors.file), projection: "pca", explained: [...explained],
    examples: rows.map((row, place) => {
      const probabilities = softmax(vectors.logits.subarray(row * labels, (row + 1) * labels));
      const predicted = probabilities.indexOf(Math.max(...probabilities));
      const label = corpus.labels[row]!;
      return { line: corpus.rows[row]!.line, text: corpus.texts[row]!, label, labelled: labelIndex(label, model.facts.labels), predicted, probability: probabilities[predicted]!, x: points[2 * place]!, y: points[2 * place + 1]! };
    }),
    slices: slicesOf(corpus, rows), prototypes: [...critic.prototypes], criticisms: [...critic.criticisms], seed,
    ...(shifted && { place: axes.map((axis) => dot(axis, shifted)) }),
  };
}

/** Columns besides text and label with few different values. */
function slicesOf({ rows, textColumn, labelColumn }: CorpusTexts, kept: readonly number[]): ExampleMapExplanation["slices"] {
  const names = new Set(rows.slice(0, 100).flatMap(({ fields }) => Object.keys(fields)));
  const slices: Record<string, { values: string[]; of: number[] }> = {};
  for (const name of names) {
    if (name === textColumn || name === labelColumn) continue;
    const values = new Map<string, number>();
    const of = kept.map((row) => {
      const value = rows[row]!.fields[name];
      if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return -1;
      const text = String(value);
      if (!values.has(text) && values.size <= MOST_VALUES) values.set(text, values.size);
      return values.get(text) ?? -1;
    });
    if (values.size >= 2 && values.size <= MOST_VALUES) slices[name] = { values: [...values.keys()], of };
  }
  return slices;
}
