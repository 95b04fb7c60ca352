/**
 * An explanation as a CSV table (RFC 4180: CRLF, fields quoted where needed). Not a way back: it is for spreadsheets and papers.
 *
 * Text that a spreadsheet would run as a formula (it starts with = + - @, a tab or a carriage return) gets a leading apostrophe and is
 * quoted. Only texts are treated so; numbers stay numbers, so that a negative score is still one.
 */
import { HEAD_STATISTICS } from "./attention-heads.js";
import { METRICS, type EvaluationExplanation } from "./evaluation.js";
import type { AttentionExplanation, AttentionFormulaExplanation, AttentionHeadsExplanation, AttributionExplanation, BiasExplanation, CounterfactualsExplanation, ExampleMapExplanation, ExamplesExplanation, Explanation, ExplanationKind, FaithfulnessExplanation, MetricReport, PredictionExplanation, SummaryExplanation, Token } from "./types.js";

type Cell = string | number | boolean;

function field(cell: Cell): string {
  if (typeof cell !== "string") return String(cell);
  if (/^[=+\-@\t\r]/.test(cell)) return `"'${cell.replaceAll('"', '""')}"`;
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A matrix with the keys' tokens as header row and the queries' as header column. */
function attentionTable({ tokens, weights, queries, keys }: AttentionExplanation): Cell[][] {
  const name = (token: number): string => tokens[token]?.text ?? "";
  const columns = keys ?? tokens.map((_, token) => token);
  return [["query \\ key", ...columns.map(name)], ...weights.map((row, query) => [name(queries?.[query] ?? query), ...row])];
}

/** One row a head: its statistics. The maps themselves are in JSON. */
/** One row a pair of tokens. */
function formulaTable({ tokens, query, key, scale, mask, weights }: AttentionFormulaExplanation): Cell[][] {
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, feature, index) => sum + feature * (b[index] ?? 0), 0);
  const rows = tokens.flatMap((from, at) => tokens.map((to, other) => [from.text, to.text, dot(query[at]!, key[other]!), dot(query[at]!, key[other]!) * scale, mask?.[at]?.[other] ?? 0, weights[at]![other]!]));
  return [["query", "key", "q·k", "scaled", "mask", "weight"], ...rows];
}

function headsTable({ maps }: AttentionHeadsExplanation): Cell[][] {
  return [["layer", "head", ...HEAD_STATISTICS], ...maps.map((map) => [map.layer, map.head, ...HEAD_STATISTICS.map((name) => map[name])])];
}

function tokenCells(token: Token): Cell[] {
  return [token.id, token.text, token.start, token.end, token.segment ?? 0, token.special];
}

/** One row a token: its text and offsets, its score, and the score's standard error where there is one. */
function attributionTable({ tokens, scores, errors }: AttributionExplanation): Cell[][] {
  const header = ["id", "token", "start", "end", "segment", "special", "score", ...(errors ? ["error"] : [])];
  return [header, ...tokens.map((token, index) => [...tokenCells(token), scores[index] ?? "", ...(errors ? [errors[index] ?? ""] : [])])];
}

function predictionTable({ labels, logits, probabilities }: PredictionExplanation): Cell[][] {
  return [["label", "logit", "probability"], ...labels.map((label, index) => [label, logits[index] ?? "", probabilities[index] ?? ""])];
}

/** One row a method, the numbers in columns; below them the band of chance. */
function faithfulnessTable({ metrics, methods, random }: FaithfulnessExplanation): Cell[][] {
  const edges = ["low", "mean", "high"] as const;
  const ofCorpus = methods.some(({ over }) => over);
  const more = ofCorpus ? [...metrics.flatMap((metric) => [`${metric} low`, `${metric} high`]), "texts", "area less chance", "p"] : [];
  const overTexts = ({ over }: FaithfulnessExplanation["methods"][number]): Cell[] =>
    ofCorpus ? [...metrics.flatMap((metric) => [over?.intervals[metric]?.low ?? "", over?.intervals[metric]?.high ?? ""]), over?.texts ?? "", over?.chance?.mean ?? "", over?.chance?.adjusted ?? ""] : [];
  return [
    ["method", "preset", ...metrics, "random rankings beaten", "evaluations", "failed", ...more],
    ...methods.map((judged) => [judged.method.name, judged.method.preset, ...metrics.map((metric) => judged.values[metric] ?? ""), judged.beats, judged.evaluations, judged.failed ?? "", ...overTexts(judged)]),
    ...edges.map((edge) => [`random (${edge})`, "", ...metrics.map((metric) => random.values[metric]?.[edge] ?? ""), "", "", "", ...more.map(() => "")]),
  ];
}

/** One row a changed text; what was changed as "from → to". */
function counterfactualsTable({ input, results }: CounterfactualsExplanation): Cell[][] {
  const said = ({ changes }: CounterfactualsExplanation["results"][number]) => changes.map(({ segment, start, end, text }) => `${(segment === 1 ? (input.textPair ?? "") : input.text).slice(start, end)} → ${text}`).join("; ");
  return [["method", "flipped", "label", "value", "difference", "changes", "text", "second text"], ...results.map((each) => [each.method, each.flipped, each.label, each.value, each.difference, said(each), each.text, each.textPair ?? ""])];
}

/** One row a slice, all rows first: each metric with the ends of its interval, its difference from all rows and the corrected p of that. */
function evaluationTable({ whole, slices, comparison }: EvaluationExplanation): Cell[][] {
  const parts = ["", " low", " high", " difference", " p", ...(comparison ? [" second model", " change", " change p"] : [])];
  const cells = (metric: MetricReport | undefined): Cell[] => [metric?.value, metric?.low, metric?.high, metric?.difference, metric?.p, ...(comparison ? [metric?.other, metric?.change?.value, metric?.change?.p] : [])].map((cell) => cell ?? "");
  return [
    ["slice", "rows", ...METRICS.flatMap((name) => parts.map((part) => name + part))],
    ...[whole, ...slices].map(({ name, count, metrics }) => [name === "" ? "all rows" : name, count, ...METRICS.flatMap((metric) => cells(metrics[metric]))]),
  ];
}

/** One row a set of words that was left out; the first row is the whole text. */
function summaryTable({ units, leftOut, label, value }: SummaryExplanation): Cell[][] {
  const written = (places: readonly number[]) => places.map((place) => units[place]?.text ?? "").join(" + ");
  const weight = (places: readonly number[]) => places.reduce((sum, place) => sum + (units[place]?.score ?? 0), 0);
  return [["left out", "weight", "target", "predicted"], ["", "", value, label], ...leftOut.map((out) => [written(out.units), weight(out.units), out.value, out.label])];
}

/** One row a version of the text. What the groups' differences come to is in JSON. */
function biasTable({ groups, contexts, fillings }: BiasExplanation): Cell[][] {
  return [
    ["group", "context", "text", "label", "prediction", "own words", "other words"],
    ...fillings.map(({ group, context, text, label, prediction, own, rest }) => [groups[group] ?? "", contexts[context] ?? "", text, label, prediction, own ?? "", rest ?? ""]),
  ];
}

/** One row an example, the query first. */
function examplesTable({ input, prediction, examples }: ExamplesExplanation): Cell[][] {
  const { labels, probabilities } = prediction;
  const best = probabilities.indexOf(Math.max(...probabilities));
  return [
    ["line", "rank", "score", "text", "label", "predicted", "probability"],
    ["", "", "", input.text, "", labels[best] ?? "", probabilities[best] ?? ""],
    ...examples.map(({ line, rank, score, text, label, predicted, probability }) => [line, rank, score, text, label ?? "", labels[predicted] ?? "", probability]),
  ];
}

function mapTable({ model, examples }: ExampleMapExplanation): Cell[][] {
  return [["line", "x", "y", "text", "label", "predicted", "probability"], ...examples.map(({ line, x, y, text, label, predicted, probability }) => [line, x, y, text, label ?? "", model.labels[predicted] ?? "", probability])];
}

const tables: { readonly [K in ExplanationKind]: (explanation: Extract<Explanation, { kind: K }>) => Cell[][] } = {
  attention: attentionTable,
  "attention-heads": headsTable,
  "attention-formula": formulaTable,
  attribution: attributionTable,
  prediction: predictionTable,
  faithfulness: faithfulnessTable,
  counterfactuals: counterfactualsTable,
  bias: biasTable,
  evaluation: evaluationTable,
  summary: summaryTable,
  examples: examplesTable,
  "example-map": mapTable,
};

/** Rows end in CRLF, the last one too. Attention: a matrix; attention-heads: one row a head; attention-formula: one row a pair of tokens; attribution: one row a token; prediction: one row a label; faithfulness: one row a method; counterfactuals: one row a changed text; bias: one row a version of the text; evaluation: one row a slice; summary: one row a set of words left out. */
export function toCsv(explanation: Explanation): string {
  const table = tables[explanation.kind] as (explanation: Explanation) => Cell[][];
  return table(explanation).map((row) => `${row.map(field).join(",")}\r\n`).join("");
}
