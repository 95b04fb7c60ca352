/**
 * Checks that something read in (a file, a `<script type="application/json">`, another tool's export) is an explanation: everything that
 * an element relies on when it draws. It does not repair and does not copy: the same object comes back, unknown extra fields included.
 * `explanation.schema.json` says the same to other programs, except for what crosses fields (lengths, offsets), which only this checks.
 */
import { attentionFormula } from "./attention-formula.js";
import { attribution } from "./attribution.js";
import { attentionHeads } from "./attention-heads.js";
import { bias } from "./bias.js";
import { array, asFields, boolean, integer, matching, number, object, oneOf, string, fail } from "./check.js";
import type { Fields } from "./check.js";
import { counterfactuals } from "./counterfactuals.js";
import { evaluation } from "./evaluation.js";
import { exampleMap } from "./example-map.js";
import { examples } from "./examples.js";
import { faithfulness } from "./faithfulness.js";
import { attention, prediction, type KindChecks } from "./kinds.js";
import { summary } from "./summary.js";
import { EXPLANATION_VERSION } from "./types.js";
import type { Explanation, ExplanationKind, Token } from "./types.js";

const token = object({ id: integer(), text: string, start: integer(0), end: integer(0), special: boolean, "segment?": oneOf(0, 1) });

const quality = object({ name: string, value: number(), "of?": number() });

const common = object({
  version: oneOf(EXPLANATION_VERSION),
  kind: string,
  input: object({ text: string, "textPair?": string }),
  tokens: array(token),
  "truncated?": oneOf(true),
  model: object({ reference: string, name: string, labels: array(string) }),
  quality: array(quality),
  provenance: object({ modelHash: matching(/^([0-9a-f]{64})?$/, "64 lower-case hex digits or empty"), library: string, backend: oneOf("webgpu", "wasm", "") }),
});

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
 * The explanation that `json` (already parsed JSON) is, or an error with code `bad-explanation`. Kinds without a check in `checks` are
 * looked at only for what all kinds have in common.
 */
export function checkExplanation(json: unknown, checks: KindChecks): Explanation {
  common(json, "");
  const fields = asFields(json, "");
  checkOffsets(fields);
  if (Object.hasOwn(checks, fields.kind as string)) checks[fields.kind as ExplanationKind]!(fields, (fields.tokens as Token[]).length);
  return json as Explanation;
}

/** Every kind with its check. */
const kinds: Required<KindChecks> = { attention, "attention-heads": attentionHeads, "attention-formula": attentionFormula, attribution, prediction, faithfulness, counterfactuals, bias, evaluation, summary, examples, "example-map": exampleMap };

/**
 * The explanation that `json` (already parsed JSON) is, or an error with code `bad-explanation` that names the bad field, e.g.
 * `explanation: tokens[3].end must be at most 40, the length of input.text, not 41`.
 */
export function parseExplanation(json: unknown): Explanation {
  const explanation = checkExplanation(json, kinds);
  if (!Object.hasOwn(kinds, explanation.kind)) fail("kind", `one of ${Object.keys(kinds).join(", ")}`, explanation.kind);
  return explanation;
}
