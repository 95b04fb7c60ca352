/**
 * Checks that something read in (a file, a `<script type="application/json">`, another tool's export) is an explanation: everything that
 * an element relies on when it draws. It does not repair and does not copy: the same object comes back, unknown extra fields included.
 * `explanation.schema.json` says the same to other programs, except for what crosses fields (lengths, offsets), which only this checks.
 */
import { array, asFields, boolean, fail, integer, matching, number, numbers, object, oneOf, record, string } from "./check.js";
import type { Check, Fields } from "./check.js";
import { EXPLANATION_VERSION } from "./types.js";
import type { Explanation, ExplanationKind, Token } from "./types.js";

const strings = array(string);

const token = object({ id: integer(), text: string, start: integer(0), end: integer(0), special: boolean, "segment?": oneOf(0, 1) });

const quality = object({
  name: oneOf("exact-gradient", "approximate-gradient", "completeness-gap", "sampling-error", "evaluations", "row-sum-error", "fit", "spread"),
  value: number(),
});

const common = object({
  version: oneOf(EXPLANATION_VERSION),
  kind: oneOf("attention", "attribution", "prediction"),
  input: object({ text: string, "textPair?": string }),
  tokens: array(token),
  "truncated?": oneOf(true),
  model: object({ reference: string, name: string, labels: strings }),
  quality: array(quality),
  provenance: object({ modelHash: matching(/^([0-9a-f]{64})?$/, "64 lower-case hex digits or empty"), library: string, backend: oneOf("webgpu", "wasm", "") }),
});

const option: Check = (value, path) => {
  if (typeof value === "number") number()(value, path);
  else if (typeof value !== "string" && typeof value !== "boolean") fail(path, "a string, a finite number, true or false", value);
};

const label = { index: integer(0), label: string };
const target = object({ ...label, "contrast?": object(label) });
const method = object({ name: matching(/./s, "a method's name"), preset: string, options: record(option), seed: integer() });

/** Labels, logits and probabilities of one length. */
const prediction: Check = (value, path) => {
  const fields = asFields(value, path);
  const prefix = path === "" ? "" : `${path}.`;
  strings(fields.labels, `${prefix}labels`);
  const count = (fields.labels as string[]).length;
  numbers(count, "one a label")(fields.logits, `${prefix}logits`);
  numbers(count, "one a label", 0, 1)(fields.probabilities, `${prefix}probabilities`);
};

function attention(fields: Fields, tokens: number): void {
  object({ layers: integer(1), heads: integer(1), causal: boolean })(fields, "");
  chosen(fields.layer, fields.layers as number, "layer");
  chosen(fields.head, fields.heads as number, "head");
  array(numbers(tokens, "one a token", 0), tokens, "one row a token")(fields.weights, "weights");
  if (fields.causal === true) zeroAboveDiagonal(fields.weights as number[][]);
}

/** Which layer or head: a number from 0, or a summary of all. */
function chosen(value: unknown, count: number, path: string): void {
  if (typeof value === "number") integer(0, count - 1)(value, path);
  else if (value !== "mean" && value !== "max") fail(path, `a number from 0 to ${count - 1}, "mean" or "max"`, value);
}

function zeroAboveDiagonal(weights: readonly (readonly number[])[]): void {
  weights.forEach((row, query) => {
    for (let key = query + 1; key < row.length; key++) if (row[key] !== 0) fail(`weights[${query}][${key}]`, "0 (above the diagonal of a causal model)", row[key]);
  });
}

function attribution(fields: Fields, tokens: number): void {
  object({ method, target, scores: numbers(tokens, "one a token"), "errors?": numbers(tokens, "one a token", 0), "value?": number(), "baselineValue?": number(), prediction })(fields, "");
}

const kinds: Readonly<Record<ExplanationKind, (fields: Fields, tokens: number) => void>> = {
  attention,
  attribution,
  prediction: (fields) => prediction(fields, ""),
};

/** Every token lies inside the text that it belongs to. */
function checkOffsets(fields: Fields): void {
  const { text, textPair } = fields.input as { text: string; textPair?: string };
  (fields.tokens as Token[]).forEach(({ start, end, segment }, index) => {
    const owner = segment === 1 ? textPair : text;
    if (owner === undefined) fail(`tokens[${index}].segment`, "0, for input.textPair is absent", segment);
    if (end > owner.length) fail(`tokens[${index}].end`, `at most ${owner.length}, the length of input.${segment === 1 ? "textPair" : "text"}`, end);
    if (start > end) fail(`tokens[${index}].start`, `at most its end, ${end}`, start);
  });
}

/**
 * The explanation that `json` (already parsed JSON) is, or an error with code `bad-explanation` that names the bad field, e.g.
 * `explanation: tokens[3].end must be at most 40, the length of input.text, not 41`.
 */
export function parseExplanation(json: unknown): Explanation {
  common(json, "");
  const fields = asFields(json, "");
  checkOffsets(fields);
  kinds[fields.kind as ExplanationKind](fields, (fields.tokens as Token[]).length);
  return json as Explanation;
}
