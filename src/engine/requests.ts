/** What can be asked of a model, one request a kind of explanation. Plain data; nothing here answers. */
import type { AttentionPart } from "../anatomy/types.js";
import type { CorrectionName, IntervalName } from "../explanation/evaluation.js";
import type { Explanation, HeadMeasure, Measure } from "../explanation/types.js";
import type { ExampleMapRequest, ExamplesRequest } from "./corpus-requests.js";

/** null: missing */
export type FeatureValue = number | string | boolean | null;

export interface TextInput {
  readonly text: string;
  /** the second text of a model that compares two; of an encoder–decoder, what it has written so far (nothing when absent) */
  readonly textPair?: string;
  /** a row of a table, for models that read one (tree ensembles); the text is then written from it */
  readonly features?: Readonly<Record<string, FeatureValue>>;
}

export interface AttentionRequest extends TextInput {
  /** of an encoder–decoder: the text that is read at itself ("self", when absent), the text that is written at itself, or at the one that is read */
  readonly attention?: AttentionPart;
  /**
   * a number from 0; "mean" or "max" of all layers' maps. Of rollout and flow, which begin at the input, the layer up to which they go.
   * Absent: the last layer for these two, "mean" for the others
   */
  readonly layer?: number | "mean" | "max";
  /** a number from 0; "mean" (when absent) or "max" of all heads. Of rollout and flow, the head taken in every layer */
  readonly head?: number | "mean" | "max";
  /** "pattern" when absent */
  readonly measure?: Measure;
  /** adds how its order of tokens agrees with gradient × input and with ablation, which takes a gradient and a run a token; false when absent */
  readonly compare?: boolean;
  /**
   * of rollout and flow: `residual` (true: the residual stream counts as half); of rollout: `reach` (true for causal models: each key divided by
   * the number of queries that can see it); of flow and value-zeroing: `normalize` (true: rows sum to 1; false for value-weighted)
   */
  readonly options?: Readonly<Record<string, string | number | boolean>>;
}

export interface AttentionFormulaRequest extends TextInput {
  /** from 0 */
  readonly layer: number;
  readonly head: number;
}

export interface AttentionHeadsRequest extends TextInput {
  /** which layers, and which heads of each, from 0; all when absent */
  readonly layers?: readonly number[];
  readonly heads?: readonly number[];
  /** maps of more tokens than this are made smaller, for looking; whole when absent */
  readonly side?: number;
  /** "pattern" when absent; the other measures are of layers, not of single heads */
  readonly measure?: HeadMeasure;
}

export interface HiddenStatesRequest extends TextInput {
  /** counts from 0; -1 is the embeddings, of both texts where there are two */
  readonly layer: number;
  /** of an encoder–decoder: the stream of the text that is written; that of the one that is read when absent */
  readonly attention?: "self" | "decoder";
}

/** Names: "argmax" (default), a label, an index as text, or "label - label" for a contrast of two. */
export type TargetName = string;

export interface AttributionRequest extends TextInput {
  readonly method: string;
  readonly target?: TargetName;
  readonly preset?: string;
  readonly seed?: number;
  /** how much a method that samples may evaluate, whatever its own option is called (`samples`, `evaluations`, `directions`); refused by the others */
  readonly samples?: number;
  readonly options?: Readonly<Record<string, string | number | boolean>>;
  /** also compare its ranking of the words with random ones: quality "better-than-random" */
  readonly check?: boolean;
  /** of methods that sample: so many seeds are run and their rankings compared; quality "agreement". 1 when not given */
  readonly repeats?: number;
  /** rows that absent features are taken from: interventional Tree SHAP; path-dependent without them */
  readonly background?: readonly Readonly<Record<string, FeatureValue>>[];
}

export interface FaithfulnessRequest extends TextInput {
  /** methods to judge, "name" or "name:preset"; a choice of cheap and common ones when not given */
  readonly methods?: readonly string[];
  readonly target?: TargetName;
  /** how it is judged: "ferret", "eraser", "captum", "quantus", or our own way when not given */
  readonly preset?: string;
  /** numbers of the report beside the preset's, e.g. "sensitivity", "randomisation" */
  readonly metrics?: readonly string[];
  readonly unit?: "word" | "token";
  /** random rankings that make the band of chance; 20 when not given */
  readonly rankings?: number;
  readonly seed?: number;
  /** a corpus to be judged on instead of a text: as of `examples`; `text` is then "" */
  readonly corpus?: string;
  readonly file?: Blob;
  readonly revision?: string;
  readonly textColumn?: string;
  /** texts of the corpus, drawn with the seed; 24 when not given */
  readonly samples?: number;
  /** what people marked as the reason: spans of the text, in UTF-16 units, [start, end) */
  readonly rationale?: readonly (readonly [number, number])[];
}

export interface CounterfactualsRequest extends TextInput {
  /** how to look: "hotflip", "ablation", "minimal"; all when not given */
  readonly methods?: readonly string[];
  /** model calls at most; 200 when not given */
  readonly budget?: number;
  /** the label that the model shall say; any other than now when not given */
  readonly to?: TargetName;
  /** of a model with one output: it has turned when its score is on the other side of this; 0 when not given, of a cosine 0.5 */
  readonly threshold?: number;
  /** "lit": places by the length of the gradient of the predicted label alone */
  readonly preset?: string;
  /** changed texts of each method at most; when not given 5 of HotFlip, 10 of ablation */
  readonly results?: number;
}

/** Metrics of a labelled data set. Not of one text: `text` is "". */
export interface EvaluationRequest extends TextInput {
  /** address of a CSV (also with tabs or semicolons), JSONL or JSON file, or the name of `file` */
  readonly data: string;
  /** the data themselves: dropped on an element, or written in the page */
  readonly file?: Blob;
  /** what tells one `file` from another of the same name */
  readonly revision?: string;
  /** how the data are called in the result; the last part of the address when absent */
  readonly name?: string;
  /** the column with the label: a label of the model, in any case, or its index. "label" when absent */
  readonly label?: string;
  /** the column with the text: "text" when absent */
  readonly textColumn?: string;
  /** the column with the second text, for models that compare two */
  readonly textPairColumn?: string;
  /** `lang, length, contains(not|never), source × lang` */
  readonly slices?: string;
  /** gates: `accuracy >= 0.85; slice(lang=zh).recall >= 0.8` */
  readonly assert?: string;
  /** a second model, to compare with */
  readonly modelB?: string;
  /** the class that precision, recall, F1 and AUC are of; of two classes the second when absent, of more all of them */
  readonly positive?: string;
  /** "wilson" when absent */
  readonly interval?: IntervalName;
  /** "holm" when absent */
  readonly correction?: CorrectionName;
  /** slices of fewer rows get no metrics; 20 when absent */
  readonly minimum?: number;
  readonly seed?: number;
}

export interface SummaryRequest extends TextInput {
  /** where the words' weights come from; "integrated-gradients" when not given */
  readonly method?: string;
  readonly preset?: string;
  readonly target?: TargetName;
  readonly seed?: number;
}

/** `text` is empty: a probe is of many texts. */
export interface BiasRequest extends TextInput {
  /** a text with slots, `{The man|The woman} is a {doctor|nurse}.`; this or `pairs` */
  readonly template?: string;
  /** the slot whose fillings are compared: its number from 1, or its name; the first when not given */
  readonly slot?: string | number;
  /** versions of texts, `[[…, …], …]` or `{ groups, pairs }`, or the absolute address of such a JSON file */
  readonly pairs?: unknown;
  /** the label that all versions together speak for when not given */
  readonly target?: TargetName;
  /** of the attributions; "gradient-x-input" when not given (occlusion where there is no gradient), "none" for none */
  readonly method?: string;
  readonly preset?: string;
  /** texts at most; 256 when not given */
  readonly maxFillings?: number;
  readonly seed?: number;
}

/** Each kind of explanation, with what is asked to get one. */
export interface Requests {
  readonly attention: AttentionRequest;
  readonly "attention-heads": AttentionHeadsRequest;
  readonly "attention-formula": AttentionFormulaRequest;
  readonly attribution: AttributionRequest;
  readonly prediction: TextInput;
  readonly faithfulness: FaithfulnessRequest;
  readonly counterfactuals: CounterfactualsRequest;
  readonly bias: BiasRequest;
  readonly evaluation: EvaluationRequest;
  readonly summary: SummaryRequest;
  readonly examples: ExamplesRequest;
  readonly "example-map": ExampleMapRequest;
}

/** A request of any kind, as elements and the command make it. */
export type ExplainRequest = { [Kind in keyof Requests]: { readonly kind: Kind } & Requests[Kind] }[keyof Requests];

/** The explanation that a request of this kind is answered with. */
export type ExplanationOf<Kind extends keyof Requests> = Extract<Explanation, { readonly kind: Kind }>;
