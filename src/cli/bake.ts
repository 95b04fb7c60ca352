/// <reference types="node" />
/**
 * `lexiscope bake`: runs each element's request once and writes the explanation into the page, as the element's `explanation` attribute,
 * so that readers need neither model nor runtime. The rest of the page stays byte for byte. Not a renderer: pictures are still drawn by
 * the elements.
 */
import { dirname, resolve } from "node:path";
import { defaultTreeAdapter as tree, parse, type DefaultTreeAdapterMap } from "parse5";
import type { AttentionPart } from "../anatomy/types.js";
import { LexiscopeError } from "../base/errors.js";
import { namedAsAsked } from "../engine/absolute-request.js";
import type { CorrectionName, IntervalName } from "../explanation/evaluation.js";
import { plainExplanation } from "../explanation/plain.js";
import type { Explanation, HeadMeasure, Measure } from "../explanation/types.js";
import type { ExplainRequest, LanguageModel, TextInput } from "../engine/types.js";
import { evaluationRequest } from "../state/evaluation-request.js";
import { attentionFormulaRequest, attentionGridRequest, attentionLinesRequest, attentionRequest, attributionRequest, counterfactualsRequest, faithfulnessRequest, headList, predictionRequest, summaryRequest } from "../state/requests.js";
import { rationaleSpans } from "../state/rationale.js";

type Element = DefaultTreeAdapterMap["element"];
type Parent = DefaultTreeAdapterMap["parentNode"];
type Attributes = ReadonlyMap<string, string>;

const significantDigits = 7; // of float32

const ordinal = (attributes: Attributes, name: string): number | "mean" | "max" | null => {
  const value = attributes.get(name) ?? null;
  if (value === null || value === "mean" || value === "max") return value;
  if (!/^\d+$/.test(value)) throw new LexiscopeError("bad-input", `${name}="${value}": a whole number, mean or max`);
  return Number(value);
};

const whole = (attributes: Attributes, name: string): number | null => {
  const value = ordinal(attributes, name);
  if (typeof value === "string") throw new LexiscopeError("bad-input", `${name}="${value}": a whole number`);
  return value;
};

const heads = (attributes: Attributes): readonly number[] | null => {
  const value = attributes.get("heads") ?? "all";
  const list = headList(value);
  if (list === undefined) throw new LexiscopeError("bad-input", `heads="${value}": all, or whole numbers with commas`);
  return list;
};

const attribution = (input: TextInput, attributes: Attributes): ExplainRequest => attributionRequest(input, attributes.get("method"), attributes.get("target"), attributes.get("preset"), attributes.has("check-chance"), whole(attributes, "repeats"));

/** What an element asks, by its tag. */
const requests: Readonly<Record<string, (input: TextInput, attributes: Attributes) => ExplainRequest>> = {
  "attention-heatmap": (input, attributes) => attentionRequest(input, ordinal(attributes, "layer"), ordinal(attributes, "head"), attributes.get("measure") as Measure | undefined, attributes.get("attention") as AttentionPart | undefined, attributes.has("compare")),
  "attention-formula": (input, attributes) => attentionFormulaRequest(input, whole(attributes, "layer"), whole(attributes, "head")),
  "attention-grid": (input, attributes) => attentionGridRequest(input, attributes.get("measure") as HeadMeasure | undefined),
  "attention-lines": (input, attributes) => attentionLinesRequest(input, whole(attributes, "layer"), heads(attributes), attributes.get("measure") as HeadMeasure | undefined),
  "saliency-bars": attribution,
  "saliency-text": attribution,
  "prediction-bars": predictionRequest,
  "model-metrics": (_, attributes) => {
    const get = (name: string) => attributes.get(name) ?? null;
    return evaluationRequest(get("data") ?? "", {
      label: get("label"), textColumn: get("text-column"), textPairColumn: get("text-pair-column"), slices: get("slices"), assert: get("assert"), modelB: get("model-b"), positive: get("positive"),
      interval: get("interval") as IntervalName | null, correction: get("correction") as CorrectionName | null, minimum: whole(attributes, "minimum"), seed: whole(attributes, "seed"),
    });
  },
  "counterfactual-list": (input, attributes) => {
    const get = (name: string) => attributes.get(name) ?? null;
    return counterfactualsRequest(input, { methods: get("methods"), budget: whole(attributes, "budget"), to: get("to"), threshold: get("threshold") === null ? null : Number(get("threshold")), results: whole(attributes, "results"), preset: get("preset") });
  },
  "explanation-summary": (input, attributes) => summaryRequest(input, attributes.get("method"), attributes.get("preset"), attributes.get("target"), whole(attributes, "seed")),
  "faithfulness-report": (input, attributes) => {
    const get = (name: string) => attributes.get(name) ?? null;
    const number = (name: string) => whole(attributes, name);
    return faithfulnessRequest(input, { methods: get("methods"), preset: get("preset"), metrics: get("metrics"), target: get("target"), unit: get("unit") as "word" | null, rankings: number("rankings"), seed: number("seed"), rationale: attributes.has("rationale") ? rationaleSpans(attributes.get("rationale")!, input.text) : null });
  },
};

/** Elements whose question is not of one text. */
const TEXTLESS: ReadonlySet<string> = new Set(["model-metrics"]);

interface Place {
  readonly tag: string;
  readonly line: number;
  /** where the start tag's name ends: attributes go there */
  readonly offset: number;
  readonly model: string;
  readonly request: () => ExplainRequest;
}

const attributesOf = (element: Element): Attributes => new Map(element.attrs.map(({ name, value }) => [name, value]));

/** Elements that ask a model and store nothing yet, with what they inherit from the scope around them or the one they name by `for`. */
function findPlaces(page: string): Place[] {
  const places: Place[] = [];
  const scopes = new Map<string, Attributes>();
  const visit = (node: Parent, around: Attributes | null, act: (element: Element, around: Attributes | null) => void): void => {
    for (const child of node.childNodes) {
      if (!tree.isElementNode(child)) continue;
      act(child, around);
      visit(child.tagName === "template" ? (child as DefaultTreeAdapterMap["template"]).content : child, child.tagName === "lexi-scope" ? attributesOf(child) : around, act);
    }
  };
  const document = parse(page, { sourceCodeLocationInfo: true });
  visit(document, null, (element) => {
    const attributes = attributesOf(element);
    if (element.tagName === "lexi-scope" && attributes.has("id")) scopes.set(attributes.get("id")!, attributes);
  });
  visit(document, null, (element, around) => {
    const request = Object.hasOwn(requests, element.tagName) ? requests[element.tagName]! : null;
    const location = element.sourceCodeLocation;
    const own = attributesOf(element);
    if (!request || !location || own.has("src") || own.has("explanation")) return;
    const scope = scopes.get(own.get("for") ?? "") ?? around;
    const get = (name: string): string | undefined => own.get(name) ?? scope?.get(name);
    const [model, text, textPair] = [get("model"), get("text"), get("text-pair")];
    if (model === undefined || (text === undefined && !(TEXTLESS.has(element.tagName) && own.has("data")))) return;
    const input = { text: text ?? "", ...(textPair !== undefined && { textPair }) };
    places.push({ tag: element.tagName, line: location.startLine, offset: location.startOffset + 1 + element.tagName.length, model, request: () => request(input, own) });
  });
  return places;
}

function attributeText(explanation: Explanation): string {
  const rounded = (_: string, value: unknown): unknown => (typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(significantDigits)) : value);
  return ` explanation="${JSON.stringify(plainExplanation(explanation), rounded).replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`;
}

/** Built-in names, hub names and web addresses stay; anything else is relative to the page. */
const referenceFrom = (pagePath: string, model: string): string => (/^(?:[\w-]+|[a-z][a-z0-9+.-]+:.*)$/i.test(model) ? model : resolve(dirname(pagePath), model));

/** Data and a second model are named from the page. */
function fromPage(pagePath: string, request: ExplainRequest): ExplainRequest {
  if (request.kind !== "evaluation") return request;
  return { ...request, data: referenceFrom(pagePath, request.data), ...(request.modelB !== undefined && { modelB: referenceFrom(pagePath, request.modelB) }) };
}

export interface Baked {
  readonly page: string;
  readonly stored: readonly string[]; // "line 12: <saliency-text>"
  readonly failed: readonly string[];
}

/** @param load loads a model by reference; each is loaded once */
export async function bake(page: string, pagePath: string, load: (reference: string) => Promise<LanguageModel>): Promise<Baked> {
  const models = new Map<string, Promise<LanguageModel>>();
  const insertions: { offset: number; text: string }[] = [];
  const [stored, failed]: [string[], string[]] = [[], []];
  for (const { tag, line, offset, model: reference, request } of findPlaces(page)) {
    try {
      const asked = fromPage(pagePath, request());
      const model = models.get(reference) ?? load(referenceFrom(pagePath, reference));
      models.set(reference, model);
      const explanation = await (await model).explain(asked);
      // the page's own name for the model, not a path of this machine
      insertions.push({ offset, text: attributeText(namedAsAsked({ ...explanation, model: { ...explanation.model, reference } }, request())) });
      stored.push(`line ${line}: <${tag}>`);
    } catch (error) {
      failed.push(`line ${line}: <${tag}>: ${(error as Error).message}`);
    }
  }
  for (const model of models.values()) await model.then((loaded) => loaded.dispose(), () => undefined);
  const baked = insertions.sort((a, b) => b.offset - a.offset).reduce((text, { offset, text: attribute }) => text.slice(0, offset) + attribute + text.slice(offset), page);
  return { page: baked, stored, failed };
}
