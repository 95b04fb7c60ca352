/**
 * An explanation: the plain, versioned, JSON-serialisable object that every method makes and every element draws. Live, stored
 * and imported results are the same thing. The published schema is `explanation.schema.json`; `parseExplanation` checks what is read in.
 */
import type { AttentionFormulaExplanation } from "./attention-formula.js";
import type { AttentionHeadsExplanation } from "./attention-heads.js";
import type { AttributionExplanation } from "./attribution.js";
import type { BiasExplanation } from "./bias.js";
import type { CounterfactualsExplanation } from "./counterfactuals.js";
import type { ExplanationBase } from "./common.js";
import type { EvaluationExplanation } from "./evaluation.js";
import type { ExampleMapExplanation } from "./example-map.js";
import type { ExamplesExplanation } from "./examples.js";
import type { FaithfulnessExplanation } from "./faithfulness.js";
import type { Measure } from "./measures.js";
import type { SummaryExplanation } from "./summary.js";

export { EXPLANATION_VERSION } from "./common.js";
export type { AttentionFormulaExplanation } from "./attention-formula.js";
export type { AttentionHeadsExplanation, HeadMap, HeadStatistics } from "./attention-heads.js";
export type { AttributionExplanation, AttributionPart } from "./attribution.js";
export { HEAD_MEASURES, MEASURES, type HeadMeasure, type Measure } from "./measures.js";
export type { ExplanationBase, ExplanationInput, MethodInfo, Provenance, Quality, Target, Token, Unit } from "./common.js";
export type { BiasCaution, BiasComparison, BiasExplanation, BiasFilling, BiasMeasure, BiasSummary } from "./bias.js";
export type { Counterfactual, CounterfactualChange, CounterfactualMethod, CounterfactualsExplanation } from "./counterfactuals.js";
export type { Comparison, Estimate, EvaluationExample, EvaluationExplanation, GateReport, MetricName, MetricReport, SliceReport, WorstSlice } from "./evaluation.js";
export type { ExampleMapExplanation, MappedExample } from "./example-map.js";
export type { CorpusInfo, ExamplesExplanation, ExampleSpace, FoundExample } from "./examples.js";
export type { FaithfulnessBand, FaithfulnessExplanation, JudgedMethod } from "./faithfulness.js";
export type { LeftOut, SummaryExplanation, WeighedUnit } from "./summary.js";

export interface AttentionExplanation extends ExplanationBase {
  readonly kind: "attention";
  /** how many there are in the model */
  readonly layers: number;
  readonly heads: number;
  /** which one this is; a number counts from 0 */
  readonly layer: number | "mean" | "max";
  readonly head: number | "mean" | "max";
  /** of an encoder–decoder: who looks at whom; absent means "self" */
  readonly attention?: "self" | "decoder" | "cross";
  /** which tokens the rows and the columns are; absent means all */
  readonly queries?: readonly number[];
  readonly keys?: readonly number[];
  readonly causal: boolean;
  /** what the weights are; absent means the pattern that softmax gives */
  readonly measure?: Measure;
  /** how that measure was taken, by the names of the request's options */
  readonly options?: Readonly<Record<string, string | number | boolean>>;
  /** weights[query][key]; for causal models zeros above the diagonal */
  readonly weights: readonly (readonly number[])[];
}

export interface PredictionExplanation extends ExplanationBase {
  readonly kind: "prediction";
  readonly labels: readonly string[];
  readonly logits: readonly number[];
  /** one a label; none where the one score is no probability (a cosine, a regression) */
  readonly probabilities: readonly number[];
}

export type Explanation = AttentionExplanation | AttentionFormulaExplanation | AttentionHeadsExplanation | AttributionExplanation | PredictionExplanation | FaithfulnessExplanation | CounterfactualsExplanation | BiasExplanation | EvaluationExplanation | SummaryExplanation | ExamplesExplanation | ExampleMapExplanation;
export type ExplanationKind = Explanation["kind"];
