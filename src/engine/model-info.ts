/**
 * What config.json, the tokenizer and the anatomy say together: the kind of model, its labels, how many tokens it takes. No graph, no run.
 */
import type { Anatomy } from "../anatomy/types.js";
import type { TextTokenizer } from "../text/tokenizer.js";
import type { ModelDescription } from "./types.js";

export type ModelKind = ModelDescription["kind"];
export type Config = Readonly<Record<string, unknown>>;

/** Ends of `architectures[0]` in config.json. */
const KINDS: readonly (readonly [RegExp, ModelKind])[] = [
  [/ForSequenceClassification$/, "classifier"],
  [/(?:ForCausalLM|LMHeadModel)$/, "causal-lm"],
  [/(?:ForMaskedLM|ForPreTraining)$/, "masked-lm"],
  [/For\w+$/, "other"],
  [/Model$/, "encoder"],
];

/** By the architecture's name where there is one, else by the shape of the scores. */
export function kindOf(config: Config, anatomy: Anatomy): ModelKind {
  const architecture = (config["architectures"] as unknown[] | undefined)?.[0];
  const named = typeof architecture === "string" ? KINDS.find(([pattern]) => pattern.test(architecture))?.[1] : undefined;
  if (named) return named;
  if (!anatomy.logits) return "encoder";
  if (!anatomy.logits.perToken) return "classifier";
  return anatomy.causal ? "causal-lm" : "other";
}

/** Labels of a classifier, in the order of its scores; none for language models, whose labels are the vocabulary. */
export function labelsOf(config: Config, kind: ModelKind, scores: number | null): string[] {
  if (kind === "causal-lm" || kind === "masked-lm" || kind === "encoder") return [];
  const named = config["id2label"];
  const names = new Map(typeof named === "object" && named !== null ? Object.entries(named).map(([index, label]) => [Number(index), String(label)]) : []);
  const count = scores ?? names.size;
  return Array.from({ length: count }, (_, index) => names.get(index) ?? String(index));
}

const number = (value: unknown): number | null => (typeof value === "number" && value > 0 && value < 1e7 ? value : null);

/** The most tokens of one text; null when nothing says. RoBERTa's positions begin after the padding id, so two fewer than its table has. */
export function maxTokensOf(config: Config, tokenizer: TextTokenizer | null): number | null {
  const table = number(config["max_position_embeddings"]) ?? number(config["n_positions"]);
  const offset = /roberta|camembert|mpnet/.test(String(config["model_type"])) ? 2 : 0;
  const limits = [table === null ? null : table - offset, tokenizer?.maxTokens ?? null].filter((limit) => limit !== null);
  return limits.length === 0 ? null : Math.min(...limits);
}

/** How a vocabulary entry is written as a label: the text that it stands for, or its raw name where that is empty. */
export function vocabularyLabel(tokenizer: TextTokenizer, id: number): string {
  return tokenizer.decode([id]) || tokenizer.tokenText(id) || String(id);
}
