/**
 * Addresses in a question, made absolute: they are relative to the page (in Node: to the working directory), not to the worker's script.
 */
import type { Explanation } from "../explanation/types.js";
import { baseUrl, inNode } from "./environment.js";
import { locateCorpus } from "./open-corpus.js";
import type { ExplainRequest } from "./requests.js";

/** Of a model. Built-in names, hub names and paths in Node stay. */
export async function absoluteReference(reference: string): Promise<string> {
  const isRelative = /^\.{0,2}\//.test(reference) || (/\//.test(reference) && !/^[a-z][a-z0-9+.-]*:/i.test(reference));
  return isRelative && !inNode ? new URL(reference, await baseUrl()).href : reference;
}

/** The same question with absolute addresses. */
export async function absoluteRequest(request: ExplainRequest): Promise<ExplainRequest> {
  if (request.kind !== "evaluation") return request;
  return { ...request, data: await locateCorpus(request.data), ...(request.modelB !== undefined && { modelB: await absoluteReference(request.modelB) }) };
}

/** A second model is named as its author named it. */
export function namedAsAsked(explanation: Explanation, request: ExplainRequest): Explanation {
  if (explanation.kind !== "evaluation" || request.kind !== "evaluation" || !explanation.comparison || request.modelB === undefined) return explanation;
  return { ...explanation, comparison: { ...explanation.comparison, model: { ...explanation.comparison.model, reference: request.modelB } } };
}
