/** Plain text for terminals: tables and an inspection. No colours, no cursor games: it must read well in a pipe. */
import { MASKED } from "../explanation/attention-formula.js";
import { HEAD_STATISTICS } from "../explanation/attention-heads.js";
import { qualityLevel, ROUNDING } from "../explanation/quality-levels.js";
import type { AttentionExplanation, AttentionFormulaExplanation, AttentionHeadsExplanation, AttributionExplanation, ExampleMapExplanation, ExamplesExplanation, Explanation, ExplanationKind, PredictionExplanation, Quality } from "../explanation/types.js";
import type { ModelReport } from "../engine/inspect.js";
import { formulaSteps } from "../methods/attention/formula.js";
import { biasText } from "./bias-text.js";
import { counterfactualsText } from "./counterfactuals-text.js";
import { evaluationText } from "./evaluation-text.js";
import { summarySentences, summaryText, type Detail } from "../state/summary-sentences.js";
import { faithfulnessText } from "./faithfulness-text.js";
import { number, table } from "./table.js";

const qualities: Readonly<Record<Quality["name"], (value: number, of: number) => string>> = {
  "exact-gradient": () => "exact gradient",
  "approximate-gradient": () => "approximate gradient",
  "completeness-gap": (value) => (value < ROUNDING ? "adds up exactly" : `adds up to within ${(100 * value).toFixed(2)} %`),
  "sampling-error": (value) => `sampling error ${(100 * value).toFixed(1)} %`,
  evaluations: (value) => `${value} evaluations`,
  "row-sum-error": (value) => `rows sum to 1 within ${value.toExponential(1)}`,
  fit: (value) => `fit ${value.toFixed(3)}`,
  background: (value) => `absent features from ${value} background rows`,
  masks: (value) => `the first of ${value} masked places`,
  agreement: (value, of) => `rank agreement over ${of} seeds ${value.toFixed(3)}`,
  "better-than-random": (value, of) => `ahead of ${Math.round(value * of)} of ${of} random rankings`,
  "single-checkpoint": () => "last layer, one checkpoint",
  trustworthiness: (value, of) => `trustworthiness ${value.toFixed(3)} of the ${of} nearest`,
  "head-agreement": (value) => `fitted layer agrees on ${(100 * value).toFixed(1)} %`,
  "rank-gradient": (value) => `rank correlation ${value.toFixed(3)} with |gradient × input|`,
  "rank-ablation": (value) => `${value.toFixed(3)} with leaving each token out`,
  partial: (value) => `partial: ${(100 * value).toFixed(0)} % of the samples`,
  spread: (value) => `spread ${value.toFixed(3)}`,
};

const cut = ({ tokens, truncated }: Explanation): string => (truncated ? `text cut at ${tokens.length} tokens, the most this model takes` : "");

const footer = (explanation: Explanation): string => {
  const { quality, provenance } = explanation;
  const said = quality.map(({ name, value, of }) => {
    const level = qualityLevel(name, value);
    return `${Object.hasOwn(qualities, name) ? qualities[name](value, of ?? 0) : `${name} ${value}`}${level ? ` (${level})` : ""}`;
  });
  return [...said, cut(explanation), provenance.backend].filter(Boolean).join(" · ");
};

function attribution({ tokens, scores, errors, target, method, prediction, ...rest }: AttributionExplanation): string {
  const named = target.contrast ? `${target.label} − ${target.contrast.label}` : target.label;
  const aim = target.scale ? `${target.scale}(${named})` : named;
  const best = prediction.labels[prediction.logits.indexOf(Math.max(...prediction.logits))];
  const rows = tokens.map(({ text }, token) => [text, number(scores[token]!), ...(errors ? [`±${number(errors[token]!)}`] : [])]);
  const header = ["token", "score", ...(errors ? ["error"] : [])];
  return `${method.name} · target ${aim} · predicted ${best}\n\n${table(header, rows)}\n\n${footer({ tokens, scores, target, method, prediction, ...rest })}`;
}

function prediction(explanation: PredictionExplanation): string {
  const { labels, logits, probabilities } = explanation;
  const rows = labels.map((label, index) => [label, number(logits[index]!), ...probabilities.slice(index, index + 1).map(number)]);
  return `${table(probabilities.length === 0 ? ["label", "score"] : ["label", "logit", "probability"], rows)}\n\n${footer(explanation)}`;
}

function attention(explanation: AttentionExplanation): string {
  const { tokens, weights, layer, head, measure = "pattern", options = {} } = explanation;
  const how = Object.entries(options).map(([name, value]) => ` · ${name} ${value}`).join("");
  const all = tokens.map((_, token) => token);
  const name = (token: number): string => tokens[token]!.text;
  const header = ["query \\ key", ...(explanation.keys ?? all).map(name)];
  const rows = (explanation.queries ?? all).map((token, query) => [name(token), ...weights[query]!.map((weight) => weight.toFixed(3))]);
  const part = explanation.attention ? ` · ${explanation.attention}` : "";
  return `attention ${measure}${part} · layer ${layer}, head ${head} (of ${explanation.layers}, ${explanation.heads}; counted from 0)${how}\n\n${table(header, rows)}\n\n${footer(explanation)}`;
}

/** Of the last token: a terminal shows one query. */
function attentionFormula(explanation: AttentionFormulaExplanation): string {
  const { tokens, layer, head, scale, weights } = explanation;
  const last = tokens.length - 1;
  const rows = formulaSteps(explanation, last).map(({ dot, scaled, mask }, key) => [tokens[key]!.text, number(dot), number(scaled), mask < MASKED ? "hidden" : number(mask), number(weights[last]![key]!)]);
  return `softmax(QKᵀ · ${number(scale)} + mask) · layer ${layer}, head ${head}, query ${tokens[last]!.text}\n\n${table(["key", "q·k", "scaled", "mask", "weight"], rows)}\n\n${footer(explanation)}`;
}

function attentionHeads(explanation: AttentionHeadsExplanation): string {
  const rows = explanation.maps.map((map) => [`${map.layer}`, `${map.head}`, ...HEAD_STATISTICS.map((name) => map[name].toFixed(3))]);
  return `attention heads (of ${explanation.layers} layers, ${explanation.heads} heads; counted from 0)\n\n${table(["layer", "head", ...HEAD_STATISTICS], rows)}\n\n${footer(explanation)}`;
}

function examples({ prediction: { labels, probabilities }, examples: found, nearest, by, ...rest }: ExamplesExplanation): string {
  const best = labels[probabilities.indexOf(Math.max(...probabilities))]!;
  const rows = found.map(({ line, rank, score, text, label, predicted, mismatch }) => [String(rank), number(score), labels[predicted]!, `${label ?? ""}${mismatch ? " (!)" : ""}`, `${line}`, text.length > 60 ? `${text.slice(0, 59)}…` : text]);
  return `predicted ${best} · ${nearest.same} of the ${nearest.count} nearest are predicted alike · by ${by}\n\n${table(["rank", "score", "predicted", "label", "line", "text"], rows)}\n\n${footer({ prediction: { labels, probabilities, logits: [] }, examples: found, nearest, by, ...rest })}`;
}

function exampleMap(explanation: ExampleMapExplanation): string {
  const { examples: points, prototypes, criticisms } = explanation;
  const row = (kind: string) => (index: number) => [kind, `${points[index]!.line}`, points[index]!.label ?? "", points[index]!.text];
  return `${table(["", "line", "label", "text"], [...prototypes.map(row("prototype")), ...criticisms.map(row("criticism"))])}\n\n${footer(explanation)}`;
}

const texts: { readonly [Kind in ExplanationKind]: (explanation: Extract<Explanation, { kind: Kind }>) => string } = { attention, "attention-heads": attentionHeads, "attention-formula": attentionFormula, attribution, prediction, examples, "example-map": exampleMap,
  evaluation: (explanation) => `${evaluationText(explanation)}\n${footer(explanation)}`,
  summary: (explanation) => {
    const methodName = explanation.method.name.replace(/-/g, " ");
    const said = (detail: Detail, language: string) => summaryText(summarySentences(explanation, { language, detail, methodName }), language);
    return [said("analyst", "en"), "", said("analyst", "zh"), "", footer(explanation)].join("\n");
  },
  faithfulness: (explanation) => `${faithfulnessText(explanation)}\n${footer(explanation)}`,
  bias: (explanation) => `${biasText(explanation)}\n\n${footer(explanation)}`,
  counterfactuals: (explanation) => `${counterfactualsText(explanation)}\n\n${footer(explanation)}`,
};

export function explanationText(explanation: Explanation): string {
  return (texts[explanation.kind] as (explanation: Explanation) => string)(explanation);
}

export function inspectionText({ works, fails, description }: ModelReport): string {
  const { name, kind, labels, layers, heads, width, bytes, opset, maxTokens, hash } = description;
  const facts = [
    ["kind", kind], ["labels", labels.join(", ") || "the vocabulary"], ["layers, heads, width", `${layers}, ${heads}, ${width}`],
    ["most tokens", maxTokens === null ? "not said" : String(maxTokens)], ["size", `${(bytes / 1e6).toFixed(1)} MB`], ["opset", String(opset)], ["SHA-256", hash],
  ];
  const width1 = Math.max(...facts.map(([label]) => label!.length));
  return [
    name, ...facts.map(([label, value]) => `  ${label!.padEnd(width1)}  ${value}`), "",
    ...works.map((what) => `works  ${what}`), ...fails.map(({ what, reason }) => `fails  ${what}: ${reason}`),
  ].join("\n");
}
