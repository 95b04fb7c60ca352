/// <reference types="node" />
/**
 * `lexiscope bake`: runs each element's request once and writes the explanation into the page, as the element's `explanation` attribute,
 * so that readers need neither model nor runtime. The vectors of a corpus that lies beside the page are stored beside it, and the element names
 * them, so that a live question about it need not embed it again. The rest of the page stays byte for byte. Not a renderer: pictures are still
 * drawn by the elements.
 */
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { defaultTreeAdapter as tree, parse, type DefaultTreeAdapterMap } from "parse5";
import { namedAsAsked } from "../engine/absolute-request.js";
import { plainExplanation } from "../explanation/plain.js";
import type { CorpusInfo, Explanation } from "../explanation/types.js";
import type { CorpusChoice } from "../engine/corpus-requests.js";
import type { ExplainRequest, LanguageModel } from "../engine/types.js";
import { asks, asksWithoutText, requestOf, type WrittenElement } from "./baked-requests.js";

type Element = DefaultTreeAdapterMap["element"];
type Parent = DefaultTreeAdapterMap["parentNode"];
type Attributes = ReadonlyMap<string, string>;

const significantDigits = 7; // of float32

interface Place {
  readonly tag: string;
  readonly line: number;
  /** where the start tag's name ends: attributes go there */
  readonly offset: number;
  readonly model: string;
  readonly request: () => ExplainRequest;
}

const attributesOf = (element: Element): Attributes => new Map(element.attrs.map(({ name, value }) => [name, value]));

function writtenElement(element: Element, pagePath: string): WrittenElement {
  const scripts = element.childNodes.filter(tree.isElementNode).filter(({ tagName }) => tagName === "script").map((script) => ({
    type: attributesOf(script).get("type") ?? "", text: script.childNodes.map((node) => (tree.isTextNode(node) ? node.value : "")).join(""),
  }));
  return { attributes: attributesOf(element), script: (...types) => scripts.find(({ type }) => types.includes(type)) ?? null, base: pathToFileURL(resolve(pagePath)).href };
}

/** Elements that ask a model and store nothing yet, with what they inherit from the scope around them or the one they name by `for`. */
function findPlaces(page: string, pagePath: string): Place[] {
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
    const { tagName: tag, sourceCodeLocation: location } = element;
    const written = writtenElement(element, pagePath);
    const own = written.attributes;
    if (!asks(tag) || !location || own.has("src") || own.has("explanation") || written.script("application/json")) return;
    const scope = scopes.get(own.get("for") ?? "") ?? around;
    const get = (name: string): string | undefined => own.get(name) ?? scope?.get(name);
    const [model, text, textPair] = [get("model"), get("text"), get("text-pair")];
    if (model === undefined || (!text?.trim() && !asksWithoutText(tag, written))) return;
    const input = { text: text ?? "", ...(textPair !== undefined && { textPair }) };
    places.push({ tag, line: location.startLine, offset: location.startOffset + 1 + tag.length, model, request: () => requestOf(tag, input, written) });
  });
  return places;
}

const escaped = (value: string): string => value.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

function attributeText(explanation: Explanation): string {
  const rounded = (_: string, value: unknown): unknown => (typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(significantDigits)) : value);
  return ` explanation="${escaped(JSON.stringify(plainExplanation(explanation), rounded))}"`;
}

/** Built-in names, hub names and web addresses stay; anything else is relative to the page. */
const isElsewhere = (reference: string): boolean => /^(?:[\w-]+|[a-z][a-z0-9+.-]+:.*)$/i.test(reference);
const referenceFrom = (pagePath: string, reference: string): string => (isElsewhere(reference) ? reference : resolve(dirname(pagePath), reference));

const onCorpus = (request: ExplainRequest): (ExplainRequest & CorpusChoice) | null => (request.kind === "examples" || request.kind === "example-map" ? request : null);

/** Data, a corpus and a second model are named from the page. */
function fromPage(pagePath: string, request: ExplainRequest): ExplainRequest {
  const from = (reference: string): string => referenceFrom(pagePath, reference);
  const asked = onCorpus(request);
  if (asked) return { ...asked, ...(!asked.file && { corpus: from(asked.corpus) }), ...(asked.vectors !== undefined && { vectors: from(asked.vectors) }) };
  if (request.kind === "faithfulness" && request.corpus !== undefined && !request.file) return { ...request, corpus: from(request.corpus) };
  if (request.kind !== "evaluation") return request;
  return { ...request, ...(!request.file && { data: from(request.data) }), ...(request.modelB !== undefined && { modelB: from(request.modelB) }) };
}

/** Where a corpus's vectors are stored: where its element says, else beside a corpus that lies beside the page, by model and hidden state; null for others. */
function vectorsPlace(request: CorpusChoice, model: string): string | null {
  const { corpus, file, vectors, layer, pooling } = request;
  if (vectors !== undefined) return isElsewhere(vectors) ? null : vectors;
  if (file || isElsewhere(corpus)) return null;
  const of = [model.replace(/\/+$/, "").split(/[/:]/).pop(), layer !== undefined && `layer${layer}`, pooling].filter(Boolean);
  return `${corpus.replace(/[?#].*$/, "")}.${of.join("-")}.vectors`;
}

/** What a file of vectors was when the page was baked says nothing to its readers. */
function withoutVectorFile(explanation: Explanation): Explanation {
  if (explanation.kind !== "examples" && explanation.kind !== "example-map") return explanation;
  const corpus = Object.fromEntries(Object.entries(explanation.corpus).filter(([name]) => name !== "vectors")) as unknown as CorpusInfo;
  return { ...explanation, corpus };
}

export interface Baked {
  readonly page: string;
  readonly stored: readonly string[]; // "line 12: <saliency-text>"
  readonly failed: readonly string[];
  /** to be written beside the page: by path, from the page's folder */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** @param load loads a model by reference; each is loaded once */
export async function bake(page: string, pagePath: string, load: (reference: string) => Promise<LanguageModel>): Promise<Baked> {
  const models = new Map<string, Promise<LanguageModel>>();
  const insertions: { offset: number; text: string }[] = [];
  const [stored, failed]: [string[], string[]] = [[], []];
  const files = new Map<string, Uint8Array>();
  for (const { tag, line, offset, model: reference, request } of findPlaces(page, pagePath)) {
    try {
      const written = request();
      const asked = fromPage(pagePath, written);
      const loading = models.get(reference) ?? load(referenceFrom(pagePath, reference));
      models.set(reference, loading);
      const model = await loading;
      const choice = onCorpus(asked);
      const place = choice && vectorsPlace(onCorpus(written)!, reference);
      if (place && !files.has(place)) files.set(place, await model.corpusVectors({ ...choice, vectors: resolve(dirname(pagePath), place) })); // what is there already is read
      const explanation = withoutVectorFile(await model.explain(asked));
      // the page's own name for the model, not a path of this machine
      const named = place && onCorpus(written)!.vectors === undefined ? ` vectors="${escaped(place)}"` : "";
      insertions.push({ offset, text: named + attributeText(namedAsAsked({ ...explanation, model: { ...explanation.model, reference } }, written)) });
      stored.push(`line ${line}: <${tag}>`);
    } catch (error) {
      failed.push(`line ${line}: <${tag}>: ${(error as Error).message}`);
    }
  }
  for (const model of models.values()) await model.then((loaded) => loaded.dispose(), () => undefined);
  const baked = insertions.sort((a, b) => b.offset - a.offset).reduce((text, { offset, text: attribute }) => text.slice(0, offset) + attribute + text.slice(offset), page);
  return { page: baked, stored, failed, files };
}
