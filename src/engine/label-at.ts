/** What a position among a model's scores is called: its label, or the vocabulary's token. */
import type { Target } from "../explanation/types.js";
import type { Facts } from "./answering.js";
import { vocabularyLabel } from "./model-info.js";

export function labelAt({ labels, tokenizer }: Pick<Facts, "labels" | "tokenizer">, index: number): Target {
  return { index, label: labels.length > 0 ? (labels[index] ?? String(index)) : vocabularyLabel(tokenizer, index) };
}
