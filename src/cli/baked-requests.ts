/**
 * What each element asks, as it stands in a page's text: its attributes, and the child scripts that hold data of its own. The elements read the
 * same from the DOM, and both use the same makers of requests. Nothing is run here.
 */
import { LexiscopeError } from "../base/errors.js";
import type { ExplainRequest, TextInput } from "../engine/types.js";
import { CORRECTIONS, INTERVALS } from "../explanation/evaluation.js";
import { PROJECTIONS } from "../explanation/example-map.js";
import { HEAD_MEASURES, MEASURES } from "../explanation/measures.js";
import { exampleMapRequest, examplesRequest, inlineCorpus, inlineFile, type CorpusAttributes } from "../state/corpus-requests.js";
import { evaluationRequest } from "../state/evaluation-request.js";
import { rationaleSpans } from "../state/rationale.js";
import {
  attentionFormulaRequest, attentionGridRequest, attentionLinesRequest, attentionRequest, attributionRequest, biasRequest, counterfactualsRequest, faithfulnessRequest, headList, predictionRequest, summaryRequest,
} from "../state/requests.js";

/** An element as its page writes it. */
export interface WrittenElement {
  readonly attributes: ReadonlyMap<string, string>;
  /** text of the first child script of one of these types, with the type */
  readonly script: (...types: readonly string[]) => { readonly type: string; readonly text: string } | null;
  /** the page's address: what `pairs` is relative to */
  readonly base: string;
}

const bad = (name: string, value: string, wanted: string, cause?: unknown) => new LexiscopeError("bad-input", `${name}="${value}": ${wanted}`, { phase: "request", cause });

/** Reads one element's attributes; what is wrong is thrown as `bad-input`, with the attribute. */
class Reader {
  constructor(readonly written: WrittenElement) {}

  get = (name: string): string | null => this.written.attributes.get(name) ?? null;
  has = (name: string): boolean => this.written.attributes.has(name);

  word<Word extends string>(name: string, ...allowed: readonly Word[]): Word | null {
    const value = this.get(name);
    if (value !== null && !allowed.includes(value as Word)) throw bad(name, value, allowed.join(", "));
    return value as Word | null;
  }

  ordinal(name: string): number | "mean" | "max" | null {
    const value = this.get(name);
    if (value === null || value === "mean" || value === "max") return value;
    if (!/^\d+$/.test(value)) throw bad(name, value, "a whole number, mean or max");
    return Number(value);
  }

  whole(name: string): number | null {
    const value = this.get(name);
    if (value !== null && !/^\d+$/.test(value)) throw bad(name, value, "a whole number");
    return value === null ? null : Number(value);
  }

  number(name: string): number | null {
    const value = this.get(name);
    if (value !== null && (value.trim() === "" || !Number.isFinite(Number(value)))) throw bad(name, value, "a number");
    return value === null ? null : Number(value);
  }

  json(name: string): unknown {
    const value = this.get(name);
    try {
      return value === null ? null : JSON.parse(value);
    } catch (cause) {
      throw bad(name, value!, (cause as Error).message, cause);
    }
  }

  heads(): readonly number[] | null {
    const value = this.get("heads") ?? "all";
    const list = headList(value);
    if (list === undefined) throw bad("heads", value, "all, or whole numbers with commas");
    return list;
  }

  /** The corpus that the element is on; -1 is a layer, the embeddings. */
  corpus(): CorpusAttributes {
    const layer = this.get("layer") === "-1" ? -1 : this.whole("layer");
    const inline = this.written.script(...Object.keys(inlineCorpus));
    const file = inline && inlineFile(inline.type, inline.text);
    return { corpus: this.get("corpus"), file, textColumn: this.get("text-column"), labelColumn: this.get("label-column"), vectors: this.get("vectors"), layer, pooling: this.word("pooling", "mean", "class") };
  }
}

type RequestOf = (input: TextInput, element: Reader) => ExplainRequest;

const attribution: RequestOf = (input, element) => attributionRequest(input, element.get("method"), element.get("target"), element.get("preset"), element.has("check-chance"), element.whole("repeats"), element.whole("samples"), element.whole("seed"));

const bars: RequestOf = (input, element) => {
  const [features, background] = [element.json("features"), element.json("background")];
  if (features === null) return attribution(input, element);
  const asked = attributionRequest({ ...input, features: features as NonNullable<TextInput["features"]> }, element.get("method") ?? "tree-shap", element.get("target"), element.get("preset"), false, null, element.whole("samples"), element.whole("seed"));
  return background === null ? asked : ({ ...asked, background } as ExplainRequest);
};

/** By tag. */
const requests: Readonly<Record<string, RequestOf>> = {
  "attention-heatmap": (input, element) => attentionRequest(input, {
    layer: element.ordinal("layer"), head: element.ordinal("head"), measure: element.word("measure", ...MEASURES), attention: element.word("attention", "self", "decoder", "cross"), compare: element.has("compare"),
  }),
  "attention-formula": (input, element) => attentionFormulaRequest(input, element.whole("layer"), element.whole("head")),
  "attention-grid": (input, element) => attentionGridRequest(input, element.word("measure", ...HEAD_MEASURES)),
  "attention-lines": (input, element) => attentionLinesRequest(input, element.whole("layer"), element.heads(), element.word("measure", ...HEAD_MEASURES)),
  "saliency-bars": bars,
  "saliency-text": attribution,
  "prediction-bars": predictionRequest,
  "similar-examples": (input, element) =>
    examplesRequest(input, { ...element.corpus(), by: element.word("by", "similarity", "influence", "tracin", "representer"), count: element.whole("count"), method: element.get("method"), preset: element.get("preset"), target: element.get("target") }),
  "example-map": (input, element) => exampleMapRequest(input, { ...element.corpus(), projection: element.word("projection", ...PROJECTIONS) }),
  "model-metrics": (_, element) => {
    const { get } = element;
    const inside = get("data") === null ? element.written.script("text/csv") : null;
    return evaluationRequest(get("data") ?? "inside.csv", {
      file: inside && new Blob([inside.text.trim()]), name: inside && "", label: get("label"), textColumn: get("text-column"), textPairColumn: get("text-pair-column"), slices: get("slices"), assert: get("assert"), modelB: get("model-b"), positive: get("positive"),
      interval: element.word("interval", ...INTERVALS), correction: element.word("correction", ...CORRECTIONS), minimum: element.whole("minimum"), seed: element.whole("seed"),
    });
  },
  "counterfactual-list": (input, element) =>
    counterfactualsRequest(input, { methods: element.get("methods"), budget: element.whole("budget"), to: element.get("to"), threshold: element.number("threshold"), results: element.whole("results"), preset: element.get("preset") }),
  "bias-probe": ({ textPair }, element) => {
    const { get } = element;
    const pairs = get("pairs") ?? (get("template") === null ? (element.written.script("application/pairs+json")?.text.trim() ?? null) : null);
    return biasRequest(textPair, { template: get("template"), pairs, slot: get("compare"), target: get("target"), method: get("method"), maxFillings: element.whole("max-fillings"), seed: element.whole("seed") }, element.written.base);
  },
  "explanation-summary": (input, element) => summaryRequest(input, element.get("method"), element.get("preset"), element.get("target"), element.whole("seed")),
  "faithfulness-report": (input, element) => {
    const { get } = element;
    const marked = get("rationale") ?? element.written.script("application/rationale+json")?.text.trim() ?? null;
    return faithfulnessRequest(input, {
      methods: get("methods"), preset: get("preset"), metrics: get("metrics"), target: get("target"), unit: element.word("unit", "word", "token"), rankings: element.whole("rankings"), seed: element.whole("seed"),
      corpus: get("corpus"), textColumn: get("text-column"), samples: element.whole("samples"), rationale: marked === null ? null : rationaleSpans(marked, input.text),
    });
  },
};

/** Whether an element has something to ask without a text, by tag. */
const textless: Readonly<Record<string, (element: WrittenElement) => boolean>> = {
  "model-metrics": ({ attributes, script }) => attributes.has("data") || script("text/csv") !== null,
  "saliency-bars": ({ attributes }) => attributes.has("features"),
  "bias-probe": ({ attributes, script }) => attributes.has("template") || attributes.has("pairs") || script("application/pairs+json") !== null,
  "example-map": () => true,
  "faithfulness-report": ({ attributes }) => attributes.has("corpus"),
};

/** Whether this element asks a model anything. */
export const asks = (tag: string): boolean => Object.hasOwn(requests, tag);

/** Whether it does so without a text. */
export const asksWithoutText = (tag: string, written: WrittenElement): boolean => Object.hasOwn(textless, tag) && textless[tag]!(written);

/** The request for an element of this tag. Throws `bad-input` for an attribute that is wrong. */
export function requestOf(tag: string, input: TextInput, written: WrittenElement): ExplainRequest {
  return requests[tag]!(input, new Reader(written));
}
