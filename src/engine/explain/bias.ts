/**
 * A bias probe: every version of a text is scored, then attributed, and the groups are compared in the same contexts, each with the first. First
 * the predictions, drawn at once; then the attributions.
 */
import { LexiscopeError, throwIfAborted } from "../../base/errors.js";
import { mean } from "../../base/statistics.js";
import { BIAS_MEASURES, type BiasComparison, type BiasExplanation, type BiasFilling, type BiasMeasure, type BiasSummary } from "../../explanation/bias.js";
import type { MethodInfo, Target } from "../../explanation/types.js";
import { designOfPairs, designOfTemplate, type BiasCell, type BiasDesign } from "../../methods/bias/bias-design.js";
import { cautionsOf, meanInterval, pairedComparison } from "../../methods/bias/paired-comparison.js";
import { holm } from "../../methods/evaluation/corrections.js";
import { softmax } from "../../methods/probabilities.js";
import type { Answering } from "../answering.js";
import { download } from "../download.js";
import { probabilityOf } from "../judged-text.js";
import { labelAt } from "../label-at.js";
import type { BiasRequest, TextInput } from "../requests.js";
import type { RunOptions } from "../types.js";

async function fetchPairs(url: string, signal?: AbortSignal): Promise<unknown> {
  const text = new TextDecoder().decode(await download(url, { signal }));
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LexiscopeError("bad-input", `pairs "${url}" is not JSON: ${(cause as Error).message}`, { phase: "download", cause });
  }
}

async function designOf({ template, slot, pairs, maxFillings }: BiasRequest, signal?: AbortSignal): Promise<BiasDesign> {
  if ((template === undefined) === (pairs === undefined)) throw new LexiscopeError("bad-input", "a bias probe needs a template or pairs, and not both", { phase: "request" });
  if (template !== undefined) return designOfTemplate(template, slot ?? null, maxFillings);
  return designOfPairs(typeof pairs === "string" ? await fetchPairs(pairs, signal) : pairs, maxFillings);
}

/** The label that all versions together speak for, so that all are asked the same. */
function commonTarget(model: Answering, logits: readonly Float32Array[]): Target {
  const totals = new Float64Array(logits[0]!.length);
  for (const row of logits) softmax(row).forEach((probability, index) => (totals[index] = totals[index]! + probability));
  return labelAt(model.facts, totals.indexOf(Math.max(...totals)));
}

/** The target as a name, for a method to read. */
const nameOf = ({ facts: { labels } }: Answering, { index, label, contrast }: Target): string => (labels.length === 0 ? `${index}${contrast ? ` - ${contrast.index}` : ""}` : contrast ? `${label} - ${contrast.label}` : label);

interface Attributed {
  readonly own: number;
  readonly rest: number;
  readonly method: MethodInfo;
  readonly evaluations: number;
}

async function attributed(model: Answering, input: TextInput, { own }: BiasCell, method: string, preset: string, target: string, seed: number, signal?: AbortSignal): Promise<Attributed> {
  const found = await model.attribute({ ...input, method, preset, target, seed }, signal ? { signal } : {});
  const sums = [0, 0] as [number, number];
  found.tokens.forEach(({ start, end, segment = 0 }, token) => {
    const isOwn = segment === 0 && end > start && own.some(([from, to]) => start < to && from < end);
    sums[isOwn ? 0 : 1] += found.scores[token]!;
  });
  return { own: sums[0], rest: sums[1], method: found.method, evaluations: found.quality.find(({ name }) => name === "evaluations")?.value ?? 0 };
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** What the fillings say together. */
function statistics(fillings: readonly BiasFilling[], groups: number, seed: number): Pick<BiasExplanation, "summaries" | "comparisons"> {
  const measures = BIAS_MEASURES.filter((measure) => fillings.every((filling) => filling[measure] !== null));
  const values = (measure: BiasMeasure, group: number) => fillings.filter((filling) => filling.group === group).sort((a, b) => a.context - b.context).map((filling) => filling[measure]!);
  const summaries = measures.flatMap((measure) => Array.from({ length: groups }, (_, group): BiasSummary => {
    const found = values(measure, group);
    const { low, high } = meanInterval(found, { seed });
    return { group, measure, n: found.length, mean: mean(found), low: orNull(low), high: orNull(high) };
  }));
  const compared = measures.flatMap((measure) => Array.from({ length: groups - 1 }, (_, index) => ({ measure, group: index + 1, found: pairedComparison(values(measure, index + 1), values(measure, 0), { seed }) })));
  const adjusted = holm(compared.map(({ found }) => found.p));
  const comparisons = compared.map(({ measure, group, found }, index): BiasComparison => ({
    group, measure, ...found, low: orNull(found.low), high: orNull(found.high), cohenD: orNull(found.cohenD), adjusted: adjusted[index]!, cautions: cautionsOf(found, adjusted[index]!),
  }));
  return { summaries, comparisons };
}

export async function explainBias(model: Answering, request: BiasRequest, { signal, onProgress }: RunOptions): Promise<BiasExplanation> {
  const { template = "", textPair, seed = 0, preset = "" } = request;
  const design = await designOf(request, signal);
  const inputs = design.cells.map(({ text }) => ({ text, ...(textPair !== undefined && { textPair }) }));
  const stop = signal ? { signal } : {};
  const total = inputs.length * (request.method === "none" ? 1 : 2);
  const step = (loaded: number, partial?: BiasExplanation) => onProgress?.({ phase: "explain", loaded, total, ...(partial && { partial }) });
  const logits = await model.logitsOfMany(inputs, { ...stop, onProgress: ({ loaded }) => step(loaded) });
  const target = request.target === undefined || request.target === "argmax" ? commonTarget(model, logits) : model.target(request.target, logits[0]!);
  const usual = model.facts.instrumented.gradient === "exact" ? "gradient-x-input" : "occlusion";
  const name = request.method ?? usual;
  const sums: (Attributed | null)[] = inputs.map(() => null);
  let without = "";
  const explanation = (): BiasExplanation => {
    const fillings = design.cells.map(({ group, context, text }, index): BiasFilling => {
      const row = logits[index]!;
      const best = row.length === 1 ? target.label : labelAt(model.facts, row.indexOf(row.reduce((most, logit) => Math.max(most, logit), -Infinity))).label;
      return { group, context, text, label: best, prediction: probabilityOf(model.facts, row, target), own: sums[index]?.own ?? null, rest: sums[index]?.rest ?? null };
    });
    const evaluations = inputs.length + sums.reduce((count, sum) => count + (sum?.evaluations ?? 0), 0);
    return {
      ...model.base({ text: "", ...(textPair !== undefined && { textPair }) }, null, [{ name: "evaluations", value: evaluations }]), kind: "bias", template, seed, target,
      options: { resamples: 2000, confidence: 0.95, ...(request.slot !== undefined && { slot: request.slot }) },
      measure: logits[0]!.length === 1 && !target.contrast ? "score" : "probability", method: sums.every((sum) => sum !== null) ? (sums[0]?.method ?? null) : null, ...(without && { withoutMethod: without }),
      groups: design.groups, contexts: design.contexts, fillings, ...statistics(fillings, design.groups.length, seed),
    };
  };
  if (name === "none") return explanation();
  step(inputs.length, explanation());
  try {
    for (const [index, input] of inputs.entries()) {
      throwIfAborted(signal);
      sums[index] = await attributed(model, input, design.cells[index]!, name, preset, nameOf(model, target), seed, signal);
      step(inputs.length + index + 1);
    }
  } catch (error) {
    if (!(error instanceof LexiscopeError) || !["unsupported", "no-gradient"].includes(error.code)) throw error;
    without = error.message;
    sums.fill(null);
  }
  return explanation();
}
