/**
 * A corpus as a plane: its vectors, two principal components (or UMAP), the model's answers, prototypes and criticisms; the text's own place when
 * there is one, and how far neighbours on the plane are the model's. While the corpus is being read, the plane is that of the components.
 */
import { LexiscopeError } from "../../base/errors.js";
import { PROJECTIONS, type ExampleMapExplanation } from "../../explanation/example-map.js";
import { mmdCritic } from "../../methods/examples/mmd-critic.js";
import { principalPlane } from "../../methods/examples/principal-plane.js";
import { dot, rowOf, type Rows } from "../../methods/examples/rows.js";
import { trustworthiness } from "../../methods/examples/trustworthiness.js";
import { softmax } from "../../methods/probabilities.js";
import type { Answering } from "../answering.js";
import { corpusInfo, corpusTexts, type CorpusTexts } from "../corpus-texts.js";
import { corpusVectors, hiddenChoice, requireClassifier, vectorsOf, type CorpusVectors, type HiddenChoice } from "../corpus-vectors.js";
import type { ExampleMapRequest } from "../corpus-requests.js";
import { labelIndex } from "../label-index.js";
import type { RunOptions } from "../types.js";

/** A column is a slice when it has from 2 to so many values. */
const MOST_VALUES = 12;
const PART_EVERY = 1500;
/** Neighbours of each example by which a plane is trusted. */
const NEAREST = 10;
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
  const { projection = "pca", seed = 0 } = request;
  if (!PROJECTIONS.includes(projection)) throw new LexiscopeError("bad-input", `no projection "${String(projection)}"; there are ${PROJECTIONS.join(", ")}`, { phase: "request" });
  const choice = hiddenChoice(model, request);
  const corpus = await corpusTexts(request, options);
  const hasText = request.text.trim() !== "";
  const [probe] = await vectorsOf(model, [model.encode({ text: hasText ? request.text : corpus.texts[0]! })], choice, options.signal);
  const each: Case = { model, request, corpus, choice, query: hasText ? probe!.vector : null };
  let told = performance.now();
  const vectors = await corpusVectors(model, corpus, choice, probe!, request.vectors, options, (part) => {
    if (!options.onProgress || performance.now() - told < PART_EVERY || part.settled === part.key.rows || part.settled < FEWEST) return;
    told = performance.now();
    options.onProgress({ phase: "explain", loaded: part.settled, total: part.key.rows, partial: mapOf(each, part, componentsOf(each, readable(part)), false) });
  });
  const readableRows = readable(vectors);
  if (projection === "pca" || readableRows.places.length < FEWEST) return mapOf(each, vectors, componentsOf(each, readableRows), true);
  const { placeAmong, umapPlane } = await import("../umap-plane.js");
  const plane = await umapPlane(readableRows.rows, seed, options);
  return mapOf(each, vectors, { ...readableRows, projection, plane, explained: [], place: each.query && placeAmong(each.query, readableRows.rows, plane) }, true);
}

/** The rows that were read. */
interface Readable {
  readonly places: readonly number[];
  readonly rows: Rows;
}

interface Plane extends Readable {
  readonly projection: ExampleMapExplanation["projection"];
  readonly plane: Rows; // [row, 2]
  readonly explained: readonly number[];
  readonly place: readonly number[] | null;
}

function readable({ done, vectors, width }: CorpusVectors): Readable {
  const places = Array.from(done.entries()).flatMap(([row, yes]) => (yes ? [row] : []));
  if (places.length === 0) throw new LexiscopeError("bad-input", "the model can read none of the corpus's texts", { phase: "request" });
  const rows: Rows = { data: new Float32Array(places.length * width), width };
  places.forEach((row, place) => rows.data.set(vectors.subarray(row * width, (row + 1) * width), place * width));
  return { places, rows };
}

function componentsOf({ query }: Case, { places, rows }: Readable): Plane {
  const { points, axes, mean, explained } = principalPlane(rows);
  const shifted = query && Float32Array.from(query, (value, column) => value - mean[column]!);
  return { places, rows, projection: "pca", plane: { data: points, width: 2 }, explained, place: shifted && axes.map((axis) => dot(axis, shifted)) };
}

function mapOf({ model, request, corpus, choice, query }: Case, vectors: CorpusVectors, { places: rows, rows: kept, plane, projection, explained, place: own }: Plane, whole: boolean): ExampleMapExplanation {
  const { width, labels } = vectors;
  const { prototypes = 6, criticisms = 4, seed = 0 } = request;
  const critic = whole ? mmdCritic(kept, { prototypes, criticisms, seed }) : { prototypes: [], criticisms: [] };
  const trust = whole ? trustworthiness(kept, plane, NEAREST, seed) : { value: NaN, nearest: 0 };
  const quality = Number.isNaN(trust.value) ? [] : [{ name: "trustworthiness", value: trust.value, of: trust.nearest } as const];
  return {
    ...model.base({ text: request.text }, query ? model.encode({ text: request.text }) : null, quality), kind: "example-map", space: { layer: choice.layer, pooling: choice.pooling, width },
    corpus: corpusInfo(corpus, vectors.settled - rows.length, request.vectors === undefined ? undefined : vectors.file), projection, explained: [...explained],
    examples: rows.map((row, place) => {
      const probabilities = softmax(vectors.logits.subarray(row * labels, (row + 1) * labels));
      const predicted = probabilities.indexOf(Math.max(...probabilities));
      const label = corpus.labels[row]!;
      return { line: corpus.rows[row]!.line, text: corpus.texts[row]!, label, labelled: labelIndex(label, model.facts.labels), predicted, probability: probabilities[predicted]!, x: rowOf(plane, place)[0]!, y: rowOf(plane, place)[1]! };
    }),
    slices: slicesOf(corpus, rows), prototypes: [...critic.prototypes], criticisms: [...critic.criticisms], seed,
    ...(own && { place: own }),
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
