/** Two tiny models with tokenizers, and PyTorch's numbers of the same weights. */
import { loadModel } from "../../src/engine/load-model.js";
import { configure } from "../../src/engine/locations.js";
import type { BackendName, LanguageModel } from "../../src/engine/types.js";
import { type Coded, decoded, loadNumbers } from "../zoo.js";

export const bert = "/test/engine/fixtures/bert/";
export const gpt2 = "/test/engine/fixtures/gpt2/";
/** the first row of the second case in numbers.json, as the toy tokenizer writes it */
export const gptText = "from word3 day you";
export const text = "the film was not very good";

export const useRuntime = (): void => configure({ runtime: "/node_modules/onnxruntime-web/dist/", cache: false });

const unpack = (coded: Coded): Float32Array => decoded(coded).data;

export interface Numbers {
  readonly ids: readonly number[];
  readonly target: number;
  readonly logits: Float32Array; // [token, label]
  readonly lookup: Float32Array; // [token, width]
  readonly gradient: Float32Array; // [token, width]
  readonly attention: readonly Float32Array[]; // [layer] → [head, query, key]
  readonly residual: readonly Float32Array[]; // [layer] → [token, width]
}

/** The case with one text. */
export async function numbersOf(model: string): Promise<Numbers> {
  const { cases } = await loadNumbers<{ cases: Record<string, unknown>[] }>(model);
  const one = cases.find((each) => (each["inputs"] as { input_ids: number[][] }).input_ids.length === 1)!;
  const list = (name: string) => (one[name] as Coded[]).map(unpack);
  return {
    ids: (one["inputs"] as { input_ids: number[][] }).input_ids[0]!,
    target: (one["target"] as { index: number }).index,
    logits: unpack(one["logits"] as Coded), lookup: unpack(one["lookup"] as Coded), gradient: unpack(one["gradient"] as Coded),
    attention: list("attention"), residual: list("residual"),
  };
}

/** Largest difference, relative to the largest magnitude. */
export function difference(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return Infinity;
  const size = Math.max(...Array.from(wanted, Math.abs));
  return Math.max(...Array.from(found, (value, index) => Math.abs(value - wanted[index]!))) / size;
}

/** The toy models on one backend for a group of tests, there from its `before` to its `after`. */
export function toysOn(backend: BackendName, worker: boolean): { lm: LanguageModel; classifier: LanguageModel } {
  const toys = {} as { lm: LanguageModel; classifier: LanguageModel };
  before(async () => {
    useRuntime();
    configure({ worker });
    [toys.lm, toys.classifier] = [await loadModel(gpt2, { backend }), await loadModel(bert, { backend })];
  });
  after(async () => {
    await Promise.all([toys.lm.dispose(), toys.classifier.dispose()]);
    configure({ worker: true });
  });
  return toys;
}
