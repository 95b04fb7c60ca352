/**
 * What config.json, the tokenizer and the anatomy say together: the kind of model, its labels, how many tokens it takes, what its inputs are filled with. No run.
 */
import type { TextTokenizer } from "../text/tokenizer.js";
import { downloadJson } from "./download.js";
import type { Filling } from "./inputs.js";
import type { Instrumented } from "./instrument.js";
import type { ModelDescription } from "./types.js";

export type ModelKind = ModelDescription["kind"];
export type Config = Readonly<Record<string, unknown>>;

/** Ends of `architectures[0]` in config.json. */
const KINDS: readonly (readonly [RegExp, ModelKind])[] = [
  [/For(?:SequenceClassification|NextSentencePrediction)$/, "classifier"],
  [/(?:ForCausalLM|LMHeadModel)$/, "causal-lm"],
  [/(?:ForMaskedLM|ForPreTraining)$/, "masked-lm"],
  [/For\w+$/, "other"],
  [/Model$/, "encoder"],
];

/** No head tells an encoder, two texts an encoder–decoder; then the architecture's name where there is one, else the shape of the scores. */
export function kindOf(config: Config, { anatomy, vector, labels }: Pick<Instrumented, "anatomy" | "vector" | "labels">): ModelKind {
  const { logits, decoder, embeddings, causal } = anatomy;
  if (vector !== null) return "encoder";
  if (decoder && logits?.perToken) return "encoder-decoder";
  const architecture = (config["architectures"] as unknown[] | undefined)?.[0];
  const named = typeof architecture === "string" ? KINDS.find(([pattern]) => pattern.test(architecture))?.[1] : undefined;
  if (named === "masked-lm" && logits?.perToken === false) return "other"; // a score a token and none a word: whether it was replaced
  if (named) return named;
  if (!logits) return "encoder";
  if (!logits.perToken) return labels === null && config["id2label"] === undefined ? "other" : "classifier"; // as many scores as tokens: where an answer begins
  if (causal) return "causal-lm";
  return labels !== null && labels === embeddings?.vocabulary ? "masked-lm" : "other"; // a score a word for every token
}

/** The one score of a model without a head. */
export const COSINE = "cosine";

/** Labels of a classifier, in the order of its scores; none for language models, whose labels are the vocabulary. */
export function labelsOf(config: Config, kind: ModelKind, scores: number | null): string[] {
  if (kind === "encoder" && scores === 1) return [COSINE];
  if (kind === "causal-lm" || kind === "masked-lm" || kind === "encoder-decoder" || kind === "encoder") return [];
  const named = config["id2label"];
  const names = new Map(typeof named === "object" && named !== null ? Object.entries(named).map(([index, label]) => [Number(index), String(label)]) : []);
  const count = scores ?? names.size;
  return Array.from({ length: count }, (_, index) => names.get(index) ?? String(index));
}

const number = (value: unknown): number | null => (typeof value === "number" && value > 0 && value < 1e7 ? value : null);

/** Whether positions begin after the padding id, as RoBERTa's and its kin's do. */
const positionsAfterPadding = (config: Config): boolean => /roberta|camembert|mpnet|longformer/.test(String(config["model_type"]));

/** The most tokens of one text; null when nothing says. Where positions begin after the padding id (1), the table has two rows that no token has. */
export function maxTokensOf(config: Config, tokenizer: TextTokenizer | null): number | null {
  const table = number(config["max_position_embeddings"]) ?? number(config["n_positions"]);
  const offset = positionsAfterPadding(config) ? 2 : 0;
  const limits = [table === null ? null : table - offset, tokenizer?.maxTokens ?? null].filter((limit) => limit !== null);
  return limits.length === 0 ? null : Math.min(...limits);
}

/** What inputs beside the ids are filled with. */
export function fillingOf(config: Config, tokenizer: TextTokenizer): Filling {
  const given = config["pad_token_id"];
  const padId = tokenizer.padId ?? (typeof given === "number" && given >= 0 ? given : 0);
  const first = (...names: string[]): number | null => names.map((name) => number(config[name])).find((value) => value !== null) ?? null;
  const heads = first("num_attention_heads", "n_head", "num_heads");
  const width = first("hidden_size", "n_embd", "d_model");
  return {
    padId,
    firstPosition: positionsAfterPadding(config) ? padId + 1 : 0,
    types: number(config["type_vocab_size"]) ?? Infinity,
    keyHeads: first("num_key_value_heads") ?? heads,
    pooling: "mean",
    headSize: first("head_dim") ?? (width !== null && heads !== null ? width / heads : null),
  };
}

/** How a sentence encoder makes a text's vector of its tokens', by the file that sentence-transformers puts beside it; the mean where nothing says. */
export async function poolingOf(folder: string, signal?: AbortSignal): Promise<Filling["pooling"]> {
  const pooling = await downloadJson(`${folder}1_Pooling/config.json`, { signal, optional: true });
  return pooling?.["pooling_mode_cls_token"] === true ? "first" : "mean";
}

/** How a vocabulary entry is written as a label: the text that it stands for, or its raw name where that is empty. */
export function vocabularyLabel(tokenizer: TextTokenizer, id: number): string {
  return tokenizer.decode([id]) || tokenizer.tokenText(id) || String(id);
}
