/** Beside an attention map: how its order of tokens agrees with that of gradient × input and of leaving each token out, on the same text. */
import { LexiscopeError } from "../../base/errors.js";
import type { AttentionExplanation, Quality } from "../../explanation/types.js";
import { rankAgreement, readRow } from "../../methods/attention/compare.js";
import type { Answering } from "../answering.js";
import type { AttentionRequest } from "../requests.js";
import type { RunOptions } from "../types.js";

/** What attention is compared with: an attribution method, and the name of the number. */
const REFERENCES = [["gradient-x-input", "rank-gradient"], ["occlusion", "rank-ablation"]] as const;

/** Throws what the two attributions throw: `no-gradient` for a model without, `unsupported` for one that scores nothing. */
export async function explainAgreement(model: Answering, { compare: _, ...request }: AttentionRequest, options: RunOptions): Promise<AttentionExplanation> {
  if (request.attention !== undefined && request.attention !== "self") throw new LexiscopeError("bad-input", `compare is of attention="self", not "${request.attention}"`, { phase: "request" });
  const explanation = await model.attention(request, options);
  if (explanation.queries) throw new LexiscopeError("unsupported", "compare is of models with one text, not of encoder–decoders", { phase: "model" });
  const { kind } = model.facts;
  const { position } = model.encode(request);
  const { tokens, causal, weights } = explanation;
  const query = causal || kind === "causal-lm" || kind === "masked-lm" ? position : kind === "classifier" && tokens[0]?.special ? 0 : "mean";
  const row = readRow(weights, query);
  const counts = tokens.map(({ special }) => !special);
  const input = { text: request.text, ...(request.textPair !== undefined && { textPair: request.textPair }) };
  const quality: Quality[] = [];
  for (const [method, name] of REFERENCES) {
    const { scores } = await model.attribute({ ...input, method }, options);
    const value = rankAgreement(row, scores, counts);
    if (!Number.isNaN(value)) quality.push({ name, value });
  }
  return { ...explanation, quality: [...explanation.quality, ...quality] };
}
