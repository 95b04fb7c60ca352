/**
 * Examples for one text: the corpus's vectors, the nearest (or most influential) of both kinds, then the same attribution on the text and on
 * each of them. The list is drawn as soon as it is known, and while the corpus is still being read, from what is there.
 */
import { LexiscopeError, throwIfAborted } from "../../base/errors.js";
import { argmax } from "../../base/statistics.js";
import type { ExamplesExplanation, FoundExample } from "../../explanation/examples.js";
import type { AttributionExplanation, MethodInfo, Target, Token } from "../../explanation/types.js";
import { cosines, largest } from "../../methods/examples/nearest.js";
import { representers, representerValues, type Representers } from "../../methods/examples/representer.js";
import { rowOf } from "../../methods/examples/rows.js";
import { sharedEvidence, type WeighedWord } from "../../methods/examples/shared-evidence.js";
import { tracIn } from "../../methods/examples/tracin.js";
import { softmax } from "../../methods/probabilities.js";
import { resolveMethod } from "../../methods/table.js";
import { wordsOfTokens } from "../../text/words.js";
import type { Answering, Encoded } from "../answering.js";
import { corpusInfo, corpusTexts, type CorpusTexts } from "../corpus-texts.js";
import { corpusVectors, hiddenChoice, requireClassifier, vectorsOf, type CorpusVectors, type HiddenChoice, type TextVectors } from "../corpus-vectors.js";
import type { ExamplesRequest } from "../corpus-requests.js";
import { labelIndex } from "../label-index.js";
import type { RunOptions } from "../types.js";

const COUNT = 4;
/** A partial answer is made at most so often. Milliseconds. */
const PART_EVERY = 700;

interface Case {
  readonly model: Answering;
  readonly request: ExamplesRequest;
  readonly corpus: CorpusTexts;
  readonly choice: HiddenChoice;
  readonly encoded: Encoded;
  readonly probe: TextVectors;
  readonly target: Target;
  readonly method: MethodInfo;
  readonly by: ExamplesExplanation["by"];
  readonly count: number;
}

interface Found {
  readonly scores: ArrayLike<number>;
  readonly rows: readonly { readonly row: number; readonly alike: boolean; readonly rank: number }[];
  readonly nearest: { readonly count: number; readonly same: number; readonly others: readonly { readonly row: number; readonly rank: number; readonly predicted: number }[]; readonly mismatches: number };
  readonly fit: number | null;
}

export async function explainExamples(model: Answering, request: ExamplesRequest, options: RunOptions): Promise<ExamplesExplanation> {
  requireClassifier(model);
  const { by = "similarity", count = COUNT, signal } = { ...request, ...options };
  if (!Number.isInteger(count) || count < 1 || count > 50) throw new LexiscopeError("bad-input", `count ${String(count)} is not possible; use a whole number from 1 to 50`, { phase: "request" });
  const choice = hiddenChoice(model, request);
  const resolved = resolveMethod(request.method ?? "gradient-x-input", request.preset ?? "");
  const method = { name: resolved.entry.name, preset: resolved.preset, options: resolved.options, seed: request.seed ?? 0 };
  const corpus = await corpusTexts(request, options);
  const encoded = model.encode({ text: request.text });
  const [probe] = await vectorsOf(model, [encoded], choice, signal);
  if (by !== "similarity" && probe!.features.length === 0) throw new LexiscopeError("unsupported", "influence needs a model whose last step is a linear layer of one row a text; this one's is not; use by=\"similarity\"", { phase: "model" });
  const target = model.target(request.target, probe!.logits);
  const each: Case = { model, request, corpus, choice, encoded, probe: probe!, target, method, by, count };
  let told = performance.now();
  const vectors = await corpusVectors(model, corpus, choice, probe!, request.vectors, options, (part) => {
    if (!options.onProgress || by !== "similarity" || performance.now() - told < PART_EVERY || part.settled === part.key.rows) return;
    told = performance.now();
    options.onProgress({ phase: "explain", loaded: part.settled, total: part.key.rows, partial: explanationOf(each, part, search(each, part), new Map()) });
  });
  const found = search(each, vectors);
  if (found.rows.length === 0) throw new LexiscopeError("bad-input", by === "tracin" ? `no row of the corpus has a label that this model knows (${model.facts.labels.join(", ")}): name the column by label-column` : "the model can read none of the corpus's texts", { phase: "request" });
  const attributions = new Map<number, AttributionExplanation>(); // −1: the query
  const steps = [-1, ...found.rows.map(({ row }) => row)];
  const tell = () => options.onProgress?.({ phase: "explain", loaded: attributions.size, total: steps.length, partial: explanationOf(each, vectors, found, attributions) });
  tell();
  for (const row of steps) {
    throwIfAborted(signal);
    attributions.set(row, await attribute(each, row === -1 ? request.text : corpus.texts[row]!, options));
    if (attributions.size === 1 || attributions.size % 4 === 0) tell();
  }
  return explanationOf(each, vectors, found, attributions);
}

function attribute({ model, target, method }: Case, text: string, { signal }: RunOptions): Promise<AttributionExplanation> {
  const name = target.contrast ? `${target.index} - ${target.contrast.index}` : String(target.index);
  return model.attribute({ text, method: method.name, preset: method.preset, seed: method.seed, target: name }, signal ? { signal } : {});
}

/** The last layers fitted to corpora, which are of no query; for as long as the vectors stay. Only whole corpora come here: influence has no partial answers. */
const fitted = new WeakMap<CorpusVectors, Representers>();

/** How much each row says, above zero for the query's prediction: cosine or influence. NaN where there is nothing to say. */
function scoresOf({ by, corpus, probe, model }: Case, vectors: CorpusVectors): { scores: Float64Array; fit: number | null } {
  const of = (data: Float32Array, width: number) => ({ data, width });
  const features = of(vectors.features, vectors.featureWidth);
  const logits = of(vectors.logits, vectors.labels);
  const predicted = argmax(probe.logits);
  if (by === "tracin") {
    const labels = corpus.labels.map((label, row) => (vectors.done[row] ? labelIndex(label, model.facts.labels) : -1));
    return { scores: tracIn({ features, logits, labels }, { features: probe.features, logits: probe.logits, label: predicted }), fit: null };
  }
  if (by === "representer") {
    const found = fitted.get(vectors) ?? representers(features, logits);
    fitted.set(vectors, found);
    return { scores: representerValues(found, probe.features, predicted), fit: found.agreement };
  }
  const scores = cosines(probe.vector, of(vectors.vectors, vectors.width));
  vectors.done.forEach((yes, row) => yes || (scores[row] = NaN));
  return { scores, fit: null };
}

function search(each: Case, vectors: CorpusVectors): Found {
  const { by, count, probe, request, corpus, model } = each;
  const predicted = argmax(probe.logits);
  const predictionOf = (row: number) => argmax(vectors.logits.subarray(row * vectors.labels, (row + 1) * vectors.labels));
  const { scores, fit } = scoresOf(each, vectors);
  const own = request.text.trim();
  const isOther = (row: number) => corpus.texts[row]!.trim() !== own; // the query itself is no example
  const isSame = (row: number) => predictionOf(row) === predicted;
  const ordered = largest(scores, 2 * count, isOther);
  const rankOf = (rows: readonly number[], alike: boolean) => rows.map((row) => ({ row, alike, rank: 0 }));
  const rows = by === "similarity"
    ? [...rankOf(largest(scores, count, (row) => isOther(row) && isSame(row)), true), ...rankOf(largest(scores, count, (row) => isOther(row) && !isSame(row)), false)]
    : [...rankOf(largest(scores, count, (row) => isOther(row) && scores[row]! > 0), true), ...rankOf(largest(scores.map((score) => -score), count, (row) => isOther(row) && scores[row]! < 0), false)];
  const rankAmong = by === "similarity" ? (row: number) => 1 + rowsBefore(scores, isOther, scores[row]!, row) : null;
  const ranked = rows.map((one, place) => ({ ...one, rank: rankAmong ? rankAmong(one.row) : 1 + rows.slice(0, place).filter(({ alike }) => alike === one.alike).length }));
  const mismatch = (row: number) => {
    const label = labelIndex(corpus.labels[row]!, model.facts.labels);
    return label !== -1 && label !== predictionOf(row);
  };
  return {
    scores, fit, rows: ranked,
    nearest: {
      count: ordered.length, same: ordered.filter(isSame).length, mismatches: ordered.filter(mismatch).length,
      others: ordered.flatMap((row, place) => (isSame(row) ? [] : [{ row, rank: place + 1, predicted: predictionOf(row) }])),
    },
  };
}

/** How many rows come before this one. */
function rowsBefore(scores: ArrayLike<number>, keep: (row: number) => boolean, score: number, before: number): number {
  let found = 0;
  for (let row = 0; row < scores.length; row++) if ((scores[row]! > score || (scores[row] === score && row < before)) && keep(row)) found++;
  return found;
}

/** A text's words with the sums of their tokens. */
function weighed(text: string, tokens: readonly Token[], scores: readonly number[]): (WeighedWord & { tokens: readonly number[] })[] {
  const words = wordsOfTokens(tokens.map((token) => ({ ...token, segment: token.segment ?? 0 })), text);
  return words.filter((word) => !tokens[word.tokens[0]!]!.special).map((word) => ({ text: word.text, tokens: word.tokens, score: word.tokens.reduce((sum, token) => sum + scores[token]!, 0) }));
}

function explanationOf({ model, request, corpus, choice, encoded, probe, target, method, by }: Case, vectors: CorpusVectors, found: Found, attributions: ReadonlyMap<number, AttributionExplanation>): ExamplesExplanation {
  const own = attributions.get(-1);
  const ourWords = own ? weighed(request.text, own.tokens, own.scores) : [];
  const shared = new Set<number>();
  const examples = found.rows.map(({ row, alike, rank }): FoundExample => {
    const text = corpus.texts[row]!;
    const probabilities = softmax(Float32Array.from(rowOf({ data: vectors.logits, width: vectors.labels }, row)));
    const predicted = argmax(probabilities);
    const label = labelIndex(corpus.labels[row]!, model.facts.labels);
    const attribution = attributions.get(row);
    const words = attribution ? weighed(text, attribution.tokens, attribution.scores) : [];
    const evidence = own && attribution ? sharedEvidence(ourWords, words) : { query: [], other: [] };
    for (const word of evidence.query) for (const token of ourWords[word]!.tokens) shared.add(token);
    return {
      line: corpus.rows[row]!.line, text, label: corpus.labels[row]!, predicted, probability: probabilities[predicted]!, rank, score: found.scores[row]!, alike, mismatch: label !== -1 && label !== predicted,
      tokens: attribution?.tokens ?? model.encode({ text }).tokens, scores: attribution?.scores ?? [], shared: evidence.other.flatMap((word) => [...words[word]!.tokens]).sort((a, b) => a - b),
    };
  });
  const against = (row: number): string => {
    const attribution = attributions.get(row);
    const words = attribution ? weighed(corpus.texts[row]!, attribution.tokens, attribution.scores).filter(({ text, score }) => score < 0 && /[\p{L}\p{N}]/u.test(text)) : [];
    return words.sort((a, b) => a.score - b.score)[0]?.text ?? "";
  };
  const complete = own && found.rows.every(({ row }) => attributions.has(row));
  const quality = [
    ...(own?.quality.filter(({ name }) => name === "exact-gradient" || name === "approximate-gradient") ?? []),
    ...(by === "tracin" ? [{ name: "single-checkpoint", value: 1 } as const] : []),
    ...(found.fit === null ? [] : [{ name: "head-agreement", value: found.fit } as const]),
    ...(complete ? [{ name: "evaluations", value: 1 + [...attributions.values()].reduce((sum, each) => sum + (each.quality.find(({ name }) => name === "evaluations")?.value ?? 0), 0) } as const] : []),
  ];
  return {
    ...model.base({ text: request.text }, encoded, quality), kind: "examples", by, space: { layer: choice.layer, pooling: choice.pooling, width: vectors.width },
    corpus: corpusInfo(corpus, vectors.settled - vectors.done.reduce((sum, yes) => sum + yes, 0), request.vectors === undefined ? undefined : vectors.file), method, target, prediction: model.prediction(probe.logits),
    scores: own?.scores ?? [], shared: [...shared].sort((a, b) => a - b), examples,
    nearest: { ...found.nearest, others: found.nearest.others.map(({ row, rank, predicted }) => ({ rank, predicted, word: against(row) })) },
  };
}
