/**
 * The hidden state of every text of a corpus, with the model's scores: from memory, from vectors stored beside the corpus, from the page's
 * cache, or computed in batches of alike lengths. What is computed stays when it is stopped, and the next question goes on from there.
 */
import { asLexiscopeError, LexiscopeError, throwIfAborted } from "../base/errors.js";
import type { CorpusInfo } from "../explanation/examples.js";
import { cosines } from "../methods/examples/nearest.js";
import type { AnyRunner, Answering, Encoded } from "./answering.js";
import { TOGETHER } from "./batched-scores.js";
import { breathe } from "./breathe.js";
import type { CorpusTexts } from "./corpus-texts.js";
import { download } from "./download.js";
import { hidesPadding } from "./inputs.js";
import { configuration } from "./locations.js";
import { locateCorpus } from "./open-corpus.js";
import type { CorpusChoice } from "./corpus-requests.js";
import { SharedTasks } from "./shared-task.js";
import type { RunOptions } from "./types.js";
import { keepVectors, keptVectors } from "./vector-cache.js";
import { decodeVectors, encodeVectors, type StoredVectors, type VectorKey } from "./vector-file.js";

export interface CorpusVectors extends StoredVectors {
  readonly key: VectorKey;
  /** rows that were computed, or found to be unreadable */
  settled: number;
  /** what became of a file of vectors that was named; absent when none was, or none was needed any more */
  file?: CorpusInfo["vectors"];
}

export interface HiddenChoice {
  readonly layer: number;
  readonly pooling: "mean" | "class";
  readonly value: string;
}

/** Rows after which a message from the page can be heard. */
const TOKENISED_TOGETHER = 128;
const KEPT = 4;
/** How far a model's answers may be from stored ones that are its own: half precision, another backend. */
const SAME = 0.02;
const memory = new Map<string, CorpusVectors>();
const tasks = new SharedTasks<CorpusVectors>();

/** The hidden state that is asked for. Throws `bad-input` or `unsupported`. */
export function hiddenChoice(model: Answering, { layer: asked, pooling = "mean" }: CorpusChoice): HiddenChoice {
  const { hidden, embeddings } = model.facts.instrumented;
  const known = hidden.filter(({ part }) => part === "self");
  const layer = asked ?? known.at(-1)?.layer ?? -1;
  const value = layer === -1 ? embeddings : (known.find((each) => each.layer === layer)?.value ?? null);
  if (value === null) throw new LexiscopeError(known.length > 0 ? "bad-input" : "unsupported", `no hidden states of layer ${layer}; there are -1 (embeddings)${known.map((each) => `, ${each.layer}`).join("")}`, { phase: "request" });
  return { layer, pooling, value };
}

/** Only a classifier has a prediction on each example. Throws `unsupported`. */
export function requireClassifier({ facts }: Answering): void {
  if (facts.kind !== "classifier" || facts.labels.length < 2) throw new LexiscopeError("unsupported", `examples are compared by what a classifier predicts, and this model is no classifier with several labels (${facts.kind})`, { phase: "model" });
}

/** One text's vector of [token, width]. */
function pooled(states: Float32Array, width: number, tokens: number, { pooling }: HiddenChoice, causal: boolean): Float32Array {
  if (pooling === "class") {
    const token = causal ? tokens - 1 : 0;
    return states.slice(token * width, (token + 1) * width);
  }
  const mean = new Float32Array(width);
  for (let token = 0; token < tokens; token++) for (let column = 0; column < width; column++) mean[column] = mean[column]! + states[token * width + column]! / tokens;
  return mean;
}

export interface TextVectors {
  readonly vector: Float32Array; // [width]
  readonly logits: Float32Array; // [label]
  readonly features: Float32Array; // [featureWidth]
}

/** Vectors and scores of some encoded texts, in one run. */
export function vectorsOf(model: Answering, texts: readonly Encoded[], choice: HiddenChoice, signal?: AbortSignal): Promise<TextVectors[]> {
  const { features, anatomy } = model.facts.instrumented;
  const names = [choice.value, ...(features === null ? [] : [features])];
  const ask = { rows: texts.map(({ row }) => row), positions: texts.map(({ position }) => position), signal };
  const run = (runner: AnyRunner) => runner.batch(ask, names, async (scores, read) => {
    const hidden = await read(choice.value);
    const [width, padded] = [hidden.shape.at(-1)!, hidden.shape.at(-2)!];
    const into = features === null ? null : await read(features);
    return texts.map(({ row }, index) => ({
      vector: pooled(hidden.data.subarray(index * padded * width, (index + 1) * padded * width), width, row.ids.length, choice, anatomy.causal),
      logits: scores[index]!,
      features: into ? into.data.slice(index * into.shape.at(-1)!, (index + 1) * into.shape.at(-1)!) : new Float32Array(0),
    }));
  });
  return model.ask(run, signal);
}

function put(into: CorpusVectors, row: number, { vector, logits, features }: TextVectors): void {
  into.vectors.set(vector, row * into.width);
  into.logits.set(logits, row * into.labels);
  into.features.set(features, row * into.featureWidth);
  into.done[row] = 1;
  into.settled++;
}

function encodeOr(model: Answering, text: string): Encoded | null {
  try {
    return model.encode({ text });
  } catch (error) {
    if (asLexiscopeError(error, "bad-input", "tokenizer").code === "bad-input") return null;
    throw error;
  }
}

/** Computes the rows that are not there yet; `told` after each batch. */
async function compute(model: Answering, corpus: CorpusTexts, choice: HiddenChoice, into: CorpusVectors, signal: AbortSignal, told: () => void): Promise<void> {
  const open = corpus.texts.flatMap((_, row) => (into.done[row] ? [] : [row]));
  into.settled = corpus.texts.length - open.length;
  const encoded: { row: number; encoded: Encoded }[] = [];
  for (const [at, row] of open.entries()) {
    const one = encodeOr(model, corpus.texts[row]!);
    if (one) encoded.push({ row, encoded: one });
    else into.settled++;
    if (at % TOKENISED_TOGETHER !== 0) continue;
    await breathe();
    throwIfAborted(signal);
  }
  encoded.sort((a, b) => a.encoded.ids.length - b.encoded.ids.length || a.row - b.row);
  const alike = !hidesPadding(model.facts.instrumented.inputs);
  while (encoded.length > 0) {
    throwIfAborted(signal);
    const { length } = encoded[0]!.encoded.ids;
    const other = alike ? encoded.findIndex((each) => each.encoded.ids.length !== length) : -1;
    const batch = encoded.splice(0, Math.min(TOGETHER, other === -1 ? encoded.length : other));
    const found = await vectorsOf(model, batch.map((each) => each.encoded), choice, signal);
    batch.forEach(({ row }, index) => put(into, row, found[index]!));
    told();
    await breathe();
  }
}

/** `part` hears after each batch, with the vectors as far as they are known. Throws `aborted`; what was computed stays. */
export async function corpusVectors(model: Answering, corpus: CorpusTexts, choice: HiddenChoice, probe: TextVectors, stored: string | undefined, { signal, onProgress }: RunOptions, part: (vectors: CorpusVectors) => void = () => {}): Promise<CorpusVectors> {
  const { facts } = model;
  const key: VectorKey = { model: facts.hash || facts.location.reference, corpus: corpus.hash, layer: choice.layer, pooling: choice.pooling, rows: corpus.texts.length };
  const name = JSON.stringify(key);
  const ready = memory.get(name);
  if (ready && ready.settled === key.rows) return ready;
  const start = async (shared: AbortSignal, report: NonNullable<RunOptions["onProgress"]>): Promise<CorpusVectors> => {
    const into = memory.get(name) ?? (await loaded(model, corpus, choice, key, stored, probe, shared));
    remember(name, into);
    if (into.settled === key.rows) return into;
    await compute(model, corpus, choice, into, shared, () => report({ phase: "explain", loaded: into.settled, total: key.rows }));
    if (facts.hash !== "" && configuration().cache !== false) void keepVectors(name, encodeVectors(key, into));
    return into;
  };
  const heard = (progress: Parameters<NonNullable<RunOptions["onProgress"]>>[0]) => {
    onProgress?.(progress);
    const now = memory.get(name);
    if (now) part(now);
  };
  return tasks.run(name, start, { signal, onProgress: heard });
}

/** From the file that is named, else from the cache; nothing computed yet when neither fits. */
async function loaded(model: Answering, corpus: CorpusTexts, choice: HiddenChoice, key: VectorKey, stored: string | undefined, probe: TextVectors, signal: AbortSignal): Promise<CorpusVectors> {
  const { hash } = model.facts;
  const file = stored === undefined ? null : await fromFile(model, corpus, choice, { ...key, model: hash }, stored, signal);
  if (file?.found) return { ...file.found, key, settled: key.rows, file: "stored" };
  const kept = hash !== "" && configuration().cache !== false ? await keptVectors(JSON.stringify(key)) : null;
  const found = kept && decodeVectors(kept, key);
  return { ...(found ? { ...found, key, settled: key.rows } : empty(key, probe)), ...(file && { file: file.why }) };
}

/** Vectors stored beside the corpus, or why they are of no use. */
async function fromFile(model: Answering, corpus: CorpusTexts, choice: HiddenChoice, key: VectorKey, stored: string, signal: AbortSignal): Promise<{ found: StoredVectors | null; why: "stale" | "missing" }> {
  let bytes: Uint8Array;
  try {
    bytes = await download(await locateCorpus(stored), { signal });
  } catch {
    throwIfAborted(signal);
    return { found: null, why: "missing" };
  }
  const found = decodeVectors(bytes, key);
  return { found: found && (key.model !== "" || (await isOfModel(model, corpus, choice, found, signal))) ? found : null, why: "stale" };
}

/** Of a model without a hash (large files are not hashed in a page): whether it still says of the first and the last text what is stored. */
async function isOfModel(model: Answering, corpus: CorpusTexts, choice: HiddenChoice, { width, labels, vectors, logits, done }: StoredVectors, signal: AbortSignal): Promise<boolean> {
  for (const row of new Set([done.indexOf(1), done.lastIndexOf(1)])) {
    const encoded = row < 0 ? null : encodeOr(model, corpus.texts[row]!);
    if (!encoded) return false;
    const [own] = await vectorsOf(model, [encoded], choice, signal);
    const said = logits.subarray(row * labels, (row + 1) * labels);
    const alike = own!.vector.length === width && own!.logits.length === labels && own!.logits.every((logit, label) => Math.abs(logit - said[label]!) <= SAME * (1 + Math.abs(logit)));
    if (!alike || cosines(own!.vector, { data: vectors.subarray(row * width, (row + 1) * width), width })[0]! < 1 - SAME) return false;
  }
  return true;
}

function empty(key: VectorKey, { vector, logits, features }: TextVectors): CorpusVectors {
  const [width, labels, featureWidth] = [vector.length, logits.length, features.length];
  const array = (columns: number) => new Float32Array(key.rows * columns);
  return { key, width, labels, featureWidth, vectors: array(width), logits: array(labels), features: array(featureWidth), done: new Uint8Array(key.rows), settled: 0 };
}

function remember(name: string, vectors: CorpusVectors): void {
  memory.delete(name);
  memory.set(name, vectors);
  if (memory.size > KEPT) memory.delete(memory.keys().next().value!);
}

/** Forgets what is in memory, as a new page would. */
export function forgetVectors(): void {
  memory.clear();
}
