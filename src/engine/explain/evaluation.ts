/**
 * Metrics of a labelled data set: the file is read, every text is run (batches of alike lengths), and the metrics are drawn again and again while
 * rows are still coming. Rows are run in a seeded random order, so that what is drawn early is a fair sample of the whole. The arithmetic is in
 * `methods/evaluation/`.
 */
import { LexiscopeError, throwIfAborted } from "../../base/errors.js";
import { Random } from "../../base/random.js";
import { CORRECTIONS, INTERVALS, type EvaluationExplanation } from "../../explanation/evaluation.js";
import { parseAssertions } from "../../methods/evaluation/assertions.js";
import { evaluate, type EvaluationPlan } from "../../methods/evaluation/evaluate.js";
import { parseSlices } from "../../methods/evaluation/slice-language.js";
import { slicesOf } from "../../methods/evaluation/slicing.js";
import { softmax } from "../../methods/probabilities.js";
import type { Answering } from "../answering.js";
import { batchedScores } from "../batched-scores.js";
import { breathe } from "../breathe.js";
import { evaluatedRows, sliceTable, type EvaluatedRows } from "../evaluated-rows.js";
import { keptPredictions } from "../kept-predictions.js";
import { labelIndex } from "../label-index.js";
import { readRows } from "../read-rows.js";
import type { EvaluationRequest } from "../requests.js";
import type { RunOptions } from "../types.js";

/** Rows between two looks at the clock. */
const TOGETHER = 1024;
/** Milliseconds between two partial answers. */
const PARTIAL_EVERY = 1500;
const RESAMPLES = 200;
/** While rows are still coming. */
const PARTIAL_RESAMPLES = 20;
const MINIMUM = 20;
/** Broken rows that an answer names. */
const MOST_BROKEN = 100;

const bad = (message: string): LexiscopeError => new LexiscopeError("bad-input", message, { phase: "request" });

function planOf({ slices = "", assert = "", interval = "wilson", correction = "holm", minimum = MINIMUM, seed = 0 }: EvaluationRequest): Omit<EvaluationPlan, "except"> {
  if (!INTERVALS.includes(interval)) throw bad(`no interval "${String(interval)}"; there are ${INTERVALS.join(", ")}`);
  if (!CORRECTIONS.includes(correction)) throw bad(`no correction "${String(correction)}"; there are ${CORRECTIONS.join(", ")}`);
  if (!(Number.isInteger(minimum) && minimum >= 1)) throw bad(`minimum ${String(minimum)} is not possible; use a whole number from 1`);
  return { slices: parseSlices(slices), assertions: parseAssertions(assert), interval, correction, minimum, resamples: RESAMPLES, seed, search: true };
}

/** The class that precision, recall, F1 and AUC are of. */
function positiveOf(labels: readonly string[], positive: string | undefined): number | null {
  if (positive === undefined) return labels.length === 2 ? 1 : null;
  const index = labelIndex(positive, labels);
  if (index === -1) throw bad(`no label "${positive}"; there are ${labels.join(", ")}`);
  return index;
}

function classesOf({ facts: { kind, labels, location } }: Answering): readonly string[] {
  if (kind !== "classifier" || labels.length < 2) throw new LexiscopeError("unsupported", `metrics need a model that chooses between labels; ${location.name} is ${kind === "classifier" ? "a classifier with one score" : `of kind ${kind}`}`, { phase: "model" });
  return labels;
}

/** A model with what it said of each text. */
interface Predictor {
  /** Probabilities of the rows at these places are known afterwards. */
  run(places: readonly number[]): Promise<void>;
  /** → [place, class] in the order of the first model's labels */
  probabilities(places: ArrayLike<number>): Float64Array;
  readonly truncated: () => number;
}

interface Kept {
  readonly probabilities: Float64Array;
  readonly truncated: boolean;
}

function predictorOf(model: Answering, labels: readonly string[], rows: EvaluatedRows, signal: AbortSignal | undefined, done: (count: number) => void): Predictor {
  const { facts } = model;
  const own = classesOf(model);
  const order = labels.map((label) => own.findIndex((one) => one.trim().toLowerCase() === label.trim().toLowerCase()));
  if (own.length !== labels.length || order.includes(-1)) throw new LexiscopeError("unsupported", `the two models have other labels: ${labels.join(", ")} and ${own.join(", ")}`, { phase: "model" });
  const kept = keptPredictions<Kept>(JSON.stringify([facts.hash, facts.location.candidates, facts.backend]));
  const inputOf = (place: number) => {
    const { fields } = rows.records[place]!;
    return { text: fields[rows.textColumn]!, ...(rows.textPairColumn !== null && { textPair: fields[rows.textPairColumn] ?? "" }) };
  };
  const keys = rows.records.map((_, place) => {
    const { text, textPair } = inputOf(place);
    return textPair === undefined ? text : JSON.stringify([text, textPair]);
  });
  let truncated = 0;
  return {
    truncated: () => truncated,
    async run(places) {
      const asked = new Map(places.filter((place) => !kept.has(keys[place]!)).map((place) => [keys[place]!, place]));
      done(places.length - asked.size);
      const encoded = [...asked].map(([key, place]) => ({ key, ...model.encode(inputOf(place)) }));
      let before = 0;
      const texts = encoded.map(({ row, position }) => ({ ...row, position }));
      const scores = await model.ask((runner) => batchedScores(runner, texts, signal, (count) => {
        done(count - before);
        before = count;
      }), signal);
      encoded.forEach(({ key, truncated: cut }, index) => kept.set(key, { probabilities: Float64Array.from(softmax(scores[index]!)), truncated: cut === true }));
      for (const place of places) if (kept.get(keys[place]!)!.truncated) truncated++;
    },
    probabilities(places) {
      const out = new Float64Array(places.length * labels.length);
      for (let index = 0; index < places.length; index++) {
        const { probabilities } = kept.get(keys[places[index]!]!)!;
        order.forEach((from, label) => (out[index * labels.length + label] = probabilities[from]!));
      }
      return out;
    },
  };
}

/** Lets the thread hear that nobody waits any more, when it has not for a while. */
function pausing(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < 30) return;
    await breathe();
    last = performance.now();
  };
}

/** A slice by what the data do not have is refused before the model runs, not after. */
function checkSlices({ slices, assertions }: EvaluationPlan, rows: EvaluatedRows): void {
  const table = sliceTable(rows, rows.records.map((_, place) => place));
  for (const rule of [...slices, ...assertions.flatMap(({ slice }) => (slice ? [slice.rule] : []))]) slicesOf(table, rule);
}

interface Second {
  readonly model: Answering;
  readonly predictor: Predictor;
}

export async function explainEvaluation(model: Answering, request: EvaluationRequest, options: RunOptions): Promise<EvaluationExplanation> {
  planOf(request); // what is written wrong is said before anything is read
  const labels = classesOf(model);
  positiveOf(labels, request.positive);
  const { signal, onProgress } = options;
  const read = await readRows(request, { signal, onBytes: (loaded, total) => onProgress?.({ phase: "download", loaded, total }) });
  const rows = evaluatedRows(read, labels, request);
  if (request.modelB === undefined) return measured(model, null, rows, request, options);
  return model.withModel(request.modelB, (second) => measured(model, second, rows, request, options), options);
}

async function measured(model: Answering, secondModel: Answering | null, rows: EvaluatedRows, request: EvaluationRequest, { signal, onProgress }: RunOptions): Promise<EvaluationExplanation> {
  const labels = classesOf(model);
  const pause = pausing();
  const plan: EvaluationPlan = { ...planOf(request), except: [rows.textColumn, rows.labelColumn, ...(rows.textPairColumn === null ? [] : [rows.textPairColumn])], signal, pause };
  checkSlices(plan, rows);
  const total = rows.records.length * (secondModel ? 2 : 1);
  let loaded = 0;
  const done = (count: number): void => {
    loaded += count;
    onProgress?.({ phase: "explain", loaded, total });
  };
  const predictor = predictorOf(model, labels, rows, signal, done);
  const second: Second | null = secondModel && { model: secondModel, predictor: predictorOf(secondModel, labels, rows, signal, done) };

  const answer = async (places: Int32Array, partial: boolean): Promise<EvaluationExplanation> => {
    const found = await evaluate({
      table: sliceTable(rows, places), lines: Array.from(places, (place) => rows.records[place]!.line), labels: Array.from(places, (place) => rows.labels[place]!),
      probabilities: predictor.probabilities(places), classes: labels.length, positive: positiveOf(labels, request.positive),
      other: second && { reference: request.modelB!, name: second.model.facts.location.name, probabilities: second.predictor.probabilities(places) },
    }, partial ? { ...plan, resamples: PARTIAL_RESAMPLES, search: false } : plan);
    return {
      ...model.base({ text: "" }, null, [{ name: "evaluations", value: places.length * (second ? 2 : 1) }]), kind: "evaluation", ...found, options: { ...found.options, slices: request.slices ?? "" },
      data: {
        source: request.name ?? decodeURIComponent(request.data.replace(/[?#].*$/, "").split("/").pop()!), textColumn: rows.textColumn, labelColumn: rows.labelColumn,
        rows: places.length, truncated: predictor.truncated(), skipped: rows.broken.length, broken: rows.broken.slice(0, MOST_BROKEN),
      },
    };
  };

  const order = new Random(plan.seed).permutation(rows.records.length);
  let drawn = performance.now();
  for (let at = 0; at < order.length; at += TOGETHER) {
    const places = order.slice(at, at + TOGETHER);
    await predictor.run(places);
    await second?.predictor.run(places);
    await pause();
    throwIfAborted(signal);
    const isLast = at + TOGETHER >= order.length;
    if (isLast || !onProgress || performance.now() - drawn < PARTIAL_EVERY) continue;
    onProgress({ phase: "explain", loaded, total, partial: await answer(Int32Array.from(order.slice(0, at + TOGETHER)).sort(), true) });
    drawn = performance.now();
  }
  return answer(Int32Array.from(order).sort(), false);
}
