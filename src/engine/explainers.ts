/**
 * The table of kinds of explanation: one row a kind. A kind that needs code of its own keeps it in `explain/<kind>.ts`, which is loaded when
 * the first of its kind is asked for.
 */
import type { Answering } from "./answering.js";
import type { ExplanationOf, Requests } from "./requests.js";
import type { RunOptions } from "./types.js";

export type Explain<Kind extends keyof Requests> = (model: Answering, request: Requests[Kind], options: RunOptions) => Promise<ExplanationOf<Kind>>;

export const explainers: { readonly [Kind in keyof Requests]: () => Promise<Explain<Kind>> } = {
  attention: () => Promise.resolve((model, request, options) => model.attention(request, options)),
  "attention-heads": async () => (await import("./explain/attention-heads.js")).explainAttentionHeads,
  attribution: () =>
    Promise.resolve(async (model, request, options) =>
      request.check || (request.repeats ?? 1) > 1 ? (await import("./explain/attribution.js")).explainAttribution(model, request, options) : model.attribute(request, options),
    ),
  "attention-formula": async () => (await import("./explain/attention-formula.js")).explainAttentionFormula,
  prediction: () => Promise.resolve((model, request, options) => model.predict(request, options)),
  summary: async () => (await import("./explain/summary.js")).explainSummary,
  faithfulness: async () => (await import("./explain/faithfulness.js")).explainFaithfulness,
  counterfactuals: async () => (await import("./explain/counterfactuals.js")).explainCounterfactuals,
  bias: async () => (await import("./explain/bias.js")).explainBias,
  evaluation: async () => (await import("./explain/evaluation.js")).explainEvaluation,
  examples: async () => (await import("./explain/examples.js")).explainExamples,
  "example-map": async () => (await import("./explain/example-map.js")).explainExampleMap,
};
