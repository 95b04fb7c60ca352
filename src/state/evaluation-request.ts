/** What `<model-metrics>` asks, in a page and when a page is baked. No DOM, no checks. */
import type { EvaluationRequest, ExplainRequest } from "../engine/types.js";

type Given<T> = T | null | undefined;

/** What it says besides its data; absent is null. */
export type EvaluationAttributes = { readonly [Name in Exclude<keyof EvaluationRequest, "text" | "textPair" | "data">]?: Given<Exclude<EvaluationRequest[Name], undefined>> };

/** `data`: an address, or the name of the file among the attributes. */
export function evaluationRequest(data: string, attributes: EvaluationAttributes): ExplainRequest {
  return { kind: "evaluation", text: "", data, ...(Object.fromEntries(Object.entries(attributes).filter(([, value]) => value != null)) as Partial<EvaluationRequest>) };
}
