/**
 * What a model says of changed versions of one text, within a budget of calls: how far each is from another prediction. A text is run once,
 * whoever asks for it; texts that nothing is left of are not run. Not a search: those are `methods/counterfactuals/`.
 */
import { LexiscopeError } from "../base/errors.js";
import { argmax } from "../base/statistics.js";
import type { CounterfactualChange } from "../explanation/counterfactuals.js";
import type { Target } from "../explanation/types.js";
import type { CallBudget } from "../methods/counterfactuals/call-budget.js";
import { editedText, mergedEdits } from "../methods/counterfactuals/text-edits.js";
import type { Answering } from "./answering.js";
import { probabilityOf } from "./judged-text.js";
import { labelAt } from "./label-at.js";
import type { CounterfactualsRequest, TextInput } from "./requests.js";

export interface Verdict {
  readonly input: TextInput;
  readonly changes: readonly CounterfactualChange[];
  readonly logits: Float32Array;
  /** how far the prediction is from turning; below zero it has turned */
  readonly margin: number;
  readonly flipped: boolean;
  readonly label: string;
  /** of the label that was predicted before: probability, or the score of a model with one output */
  readonly value: number;
}

export interface Aim {
  /** what was predicted, and what it is up against */
  readonly target: Target;
  /** how much the target's score has to fall is its gradient times this: −1 where a single score has to rise */
  readonly sign: 1 | -1;
  readonly margin: (logits: Float32Array) => number;
}

const COSINE_THRESHOLD = 0.5;

/** What it takes to turn this prediction. Throws `bad-input`. */
export function aimOf(model: Answering, { to, threshold }: Pick<CounterfactualsRequest, "to" | "threshold">, logits: Float32Array): Aim {
  const { labels } = model.facts;
  const named = (index: number) => labelAt(model.facts, index);
  if (logits.length === 1) {
    if (to !== undefined) throw new LexiscopeError("bad-input", `to="${to}": this model has one output and no labels; give a threshold`, { phase: "request" });
    const limit = threshold ?? (labels[0] === "cosine" ? COSINE_THRESHOLD : 0);
    const sign = logits[0]! >= limit ? 1 : -1;
    return { target: named(0), sign, margin: (scores) => sign * (scores[0]! - limit) };
  }
  if (threshold !== undefined) throw new LexiscopeError("bad-input", `threshold="${threshold}" is for models with one output; this one has ${logits.length}`, { phase: "request" });
  const predicted = argmax(logits);
  if (to === undefined) {
    return { target: { ...named(predicted), contrast: named(argmax(logits, predicted)) }, sign: 1, margin: (scores) => scores[predicted]! - scores[argmax(scores, predicted)]! };
  }
  const wanted = model.target(to, logits);
  if (wanted.contrast) throw new LexiscopeError("bad-input", `to="${to}" is a contrast; name one label`, { phase: "request" });
  if (wanted.index === predicted) throw new LexiscopeError("bad-input", `to="${to}": that is what the model says already`, { phase: "request" });
  return { target: { ...named(predicted), contrast: named(wanted.index) }, sign: 1, margin: (scores) => scores[argmax(scores, wanted.index)]! - scores[wanted.index]! };
}

export class ChangedTexts {
  readonly #known = new Map<string, Float32Array>();
  readonly #labelOf: (logits: Float32Array) => string;

  /** @param cost model calls a text: two where it is compared with the vector of another */
  constructor(readonly model: Answering, readonly input: TextInput, readonly budget: CallBudget, readonly cost: number, readonly aim: Aim, original: Float32Array) {
    this.#known.set(this.#key(input), original);
    this.#labelOf = (logits) => labelAt(model.facts, argmax(logits)).label;
  }

  /** Of each list of changes; null where nothing is left to spend, "empty" where the text would be. In the order of the lists, and so spent. */
  async say(lists: readonly (readonly CounterfactualChange[])[], signal?: AbortSignal): Promise<(Verdict | "empty" | null)[]> {
    const texts = lists.map((changes) => this.changed(changes));
    const fresh = new Map<string, TextInput>();
    for (const { input } of texts) {
      const key = this.#key(input);
      if (isEmpty(input) || this.#known.has(key) || fresh.has(key)) continue;
      if (!this.budget.take(this.cost)) break;
      fresh.set(key, input);
    }
    if (fresh.size > 0) {
      const found = await this.model.logitsOfMany([...fresh.values()], signal ? { signal } : {});
      [...fresh.keys()].forEach((key, index) => this.#known.set(key, found[index]!));
    }
    return texts.map(({ input, changes }) => {
      const logits = this.#known.get(this.#key(input));
      return isEmpty(input) ? "empty" : logits ? this.verdict(input, changes, logits) : null;
    });
  }

  changed(changes: readonly CounterfactualChange[]): { readonly input: TextInput; readonly changes: CounterfactualChange[] } {
    const { text, textPair } = this.input;
    const [first, second] = [0, 1].map((segment) => mergedEdits(segment === 1 ? (textPair ?? "") : text, changes.filter((change) => change.segment === segment)).map((edit) => ({ segment, ...edit }))) as [CounterfactualChange[], CounterfactualChange[]];
    return { input: { text: editedText(text, first), ...(textPair !== undefined && { textPair: editedText(textPair, second) }) }, changes: [...first, ...second] };
  }

  verdict(input: TextInput, changes: readonly CounterfactualChange[], logits: Float32Array): Verdict {
    const margin = this.aim.margin(logits);
    const { index, label } = this.aim.target;
    return { input, changes, logits, margin, flipped: margin < 0, label: this.#labelOf(logits), value: probabilityOf(this.model.facts, logits, { index, label }) };
  }

  /** Of the text as it was. */
  verdictOf(): Verdict {
    return this.verdict(this.input, [], this.#known.get(this.#key(this.input))!);
  }

  #key({ text, textPair }: TextInput): string {
    return JSON.stringify([text, textPair]);
  }
}

const isEmpty = ({ text, textPair }: TextInput): boolean => text.trim() === "" || textPair?.trim() === "";
