/**
 * Addresses in a question, made absolute: they are relative to the page (in Node: to the working directory), not to the worker's script.
 */
import type { Explanation } from "../explanation/types.js";
import { baseUrl, inNode } from "./environment.js";
import type { CorpusChoice } from "./corpus-requests.js";
import { locateCorpus } from "./open-corpus.js";
import type { ExplainRequest } from "./requests.js";

/** Of a model. Built-in names, hub names and paths in Node stay. */
export async function absoluteReference(reference: string): Promise<string> {
  const isRelative = /^\.{0,2}\//.test(reference) || (/\//.test(reference) && !/^[a-z][a-z0-9+.-]*:/i.test(reference));
  return isRelative && !inNode ? new URL(reference, await baseUrl()).href : reference;
}

/** Built-in names stay: who answers knows where they lie. */
const absoluteCorpus = (reference: string): Promise<string> | string => (/^[a-z][\w-]*$/i.test(reference) ? reference : locateCorpus(reference));

/** Of a corpus, and of vectors stored beside it. A file's name stays a name. */
export async function absoluteChoice<Choice extends CorpusChoice>(choice: Choice): Promise<Choice> {
  const { corpus, file, vectors } = choice;
  return { ...choice, ...(!file && { corpus: await absoluteCorpus(corpus) }), ...(vectors !== undefined && { vectors: await locateCorpus(vectors) }) };
}

/** The same question with absolute addresses. */
export async function absoluteRequest(request: ExplainRequest): Promise<ExplainRequest> {
  if (request.kind === "examples" || request.kind === "example-map") return absoluteChoice(request);
  if (request.kind === "faithfulness" && request.corpus !== undefined && !request.file) return { ...request, corpus: await absoluteCorpus(request.corpus) };
  if (request.kind !== "evaluation") return request;
  return { ...request, ...(!request.file && { data: await locateCorpus(request.data) }), ...(request.modelB !== undefined && { modelB: await absoluteReference(request.modelB) }) };
}

/** A second model and a corpus are named as their author named them. */
export function namedAsAsked(explanation: Explanation, request: ExplainRequest): Explanation {
  if ((explanation.kind === "examples" || explanation.kind === "example-map") && (request.kind === "examples" || request.kind === "example-map")) return { ...explanation, corpus: { ...explanation.corpus, reference: request.corpus } };
  if (explanation.kind === "faithfulness" && explanation.corpus && request.kind === "faithfulness") return { ...explanation, corpus: { ...explanation.corpus, reference: request.corpus! } };
  if (explanation.kind !== "evaluation" || request.kind !== "evaluation" || !explanation.comparison || request.modelB === undefined) return explanation;
  return { ...explanation, comparison: { ...explanation.comparison, model: { ...explanation.comparison.model, reference: request.modelB } } };
}
