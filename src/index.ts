/**
 * Everything that other programs may rely on: functions and classes. Registers no element (see define.ts) and touches no page when it is
 * imported, so that it also serves in Node.
 */
export { LexiscopeError, type ErrorCode, type Phase } from "./base/errors.js";

export { loadModel } from "./engine/load-model.js";
export { configure, type Configuration } from "./engine/locations.js";
export type {
  AttentionFormulaRequest, AttentionHeadsRequest, AttentionRequest, AttributionRequest, BackendName, EvaluationRequest, ExplainRequest, GradientResult, LanguageModel, LoadModel, LoadOptions, ModelDescription, Progress, RunOptions, TargetName, TextInput,
} from "./engine/types.js";
export type { Anatomy, AttentionBlock, Missing } from "./anatomy/types.js";

export { parseExplanation } from "./explanation/parse.js";
export { plainExplanation } from "./explanation/plain.js";
export { toCsv } from "./explanation/csv.js";
export { EXPLANATION_VERSION } from "./explanation/types.js";
export type {
  AttentionExplanation, AttentionFormulaExplanation, AttentionHeadsExplanation, AttributionExplanation, EvaluationExample, EvaluationExplanation, BiasCaution, BiasComparison, BiasExplanation, BiasFilling, BiasMeasure, BiasSummary, Counterfactual, CounterfactualChange, CounterfactualMethod, CounterfactualsExplanation, Explanation, ExplanationInput, ExplanationKind, FaithfulnessBand, FaithfulnessExplanation, JudgedMethod, LeftOut, SummaryExplanation, HeadMap, HeadStatistics, MethodInfo, PredictionExplanation, Provenance, Quality, Target, Token, Unit,
} from "./explanation/types.js";

export type { Attribution, Gradient, MethodOptions, Path, Predict, Units } from "./methods/types.js";
export { methods, resolveMethod, type MethodEntry, type MethodName, type Preset, type ResolvedMethod } from "./methods/table.js";
export { ablation, type AblationOptions } from "./methods/ablation.js";
export { approximateGradient, type ApproximateAttribution, type ApproximateGradientOptions } from "./methods/approximate-gradient.js";
export { contextGain, type ContextGain } from "./methods/context-gain.js";
export { deepLift, type DeepLiftOptions, type Multipliers } from "./methods/deep-lift.js";
export { directionsOf, stepFor, type DirectionalDifferences, type DirectionsOptions } from "./methods/directions.js";
export { gradientNorm } from "./methods/gradient-norm.js";
export { gradientOf } from "./methods/gradient-of.js";
export { gradientShap } from "./methods/gradient-shap.js";
export { gradientXInput } from "./methods/gradient-x-input.js";
export { completenessGap, integratedGradients, type IntegratedGradientsOptions } from "./methods/integrated-gradients.js";
export { layeredMultipliers, type Layer } from "./methods/layered-multipliers.js";
export { occlusion } from "./methods/occlusion.js";
export { pathOf } from "./methods/path.js";
export { softmax } from "./methods/probabilities.js";
export { quadrature, type Rule } from "./methods/quadrature.js";
export { reagent, type Propose, type ReagentOptions, type ReagentResult, type Read, type Reading } from "./methods/reagent.js";
export { smoothGrad, varGrad, type NoiseOptions, type SmoothGradOptions } from "./methods/smoothgrad.js";
export { parseTarget } from "./methods/target.js";
export { vocabularyReading, type VocabularyReading } from "./methods/vocabulary-reading.js";

export { formulaSteps, weightedSum, type FormulaParts, type FormulaStep } from "./methods/attention/formula.js";
export { attentionFlow, flowRows, type AttentionFlow, type FlowOptions } from "./methods/attention/flow.js";
export { rankAgreement, readRow } from "./methods/attention/compare.js";
export { contributions, contributionsAbove } from "./methods/attention/contribution.js";
export { arrangeAttention } from "./methods/attention/arrange.js";
export { headStatistics } from "./methods/attention/head-statistics.js";
export { linksByMass } from "./methods/attention/mass-threshold.js";
export { attentionRelevance, weighedPattern, type HeadMaps } from "./methods/attention/relevance.js";
export { meanOverHeads, normalizeByReach, rollout, withResidual } from "./methods/attention/rollout.js";
export { valueWeighted, type OutputProjection, type Values } from "./methods/attention/value-weighted.js";
export { cosineDistance, valueZeroingOfAttention } from "./methods/attention/value-zeroing.js";
export { coalitionText, playersOfTokens, sharedOut, type Player, type PlayersOptions } from "./methods/players.js";
export { STAGES, type Memory, type Refining } from "./methods/refining.js";
export { remembered, type RememberedGame } from "./methods/shapley/remembered.js";
export { exactShapley, shapleyInteractions } from "./methods/shapley/exact.js";
export type { Game, ShapleyValues } from "./methods/shapley/game.js";
export { kernelShap, type KernelShapOptions } from "./methods/shapley/kernel.js";
export { maskedText, maskStyle, textSegments } from "./methods/shapley/masked-text.js";
export { partitionShapley, type PartitionOptions, type PartitionResult, type PlayerTree, type ValuedPart } from "./methods/shapley/partition.js";
export { PermutationShapley, permutationShapley } from "./methods/shapley/permutation.js";
export { tokenTree } from "./methods/shapley/token-tree.js";
export { cosineKernel, limeKernel } from "./methods/lime/kernels.js";
export { lime, limeSpread, type LimeOptions, type LimeResult } from "./methods/lime/lime.js";
export { fitSurrogate, type Surrogate, type SurrogateOptions } from "./methods/lime/surrogate.js";
export { perturbText, playersOfWords, wordSpans } from "./methods/lime/text.js";
export { areaUnder, erasureCurves, type ErasureCurves } from "./methods/faithfulness/curves.js";
export { erasure, leaveOneOutCorrelation, type Erasure } from "./methods/faithfulness/erasure.js";
export { bandOf, judgeScores, prepareTrial, randomScores, type Band, type JudgedText, type Judgement } from "./methods/faithfulness/judge.js";
export { faithfulnessMetrics, type FaithfulnessMetric } from "./methods/faithfulness/metrics.js";
export { faithfulnessPresets, type FaithfulnessSettings } from "./methods/faithfulness/presets.js";
export { faithfulnessCorrelation, relativeInfidelity, subsetDrops, type SubsetDrops } from "./methods/faithfulness/subsets.js";
export { chanceOverTexts, methodsOverTexts, type MethodOverTexts } from "./methods/faithfulness/over-texts.js";
export { faithfulnessVerdict, verdictOverTexts, type Verdict } from "./methods/faithfulness/verdict.js";
export { plausibility, spanMatch, tokenMatch } from "./methods/faithfulness/plausibility.js";
export { agreement, complexity, infidelity, maximalSensitivity, sparseness } from "./methods/faithfulness/robustness.js";
export { designOfPairs, designOfTemplate, type BiasCell, type BiasDesign } from "./methods/bias/bias-design.js";
export { differingWords } from "./methods/bias/differing-words.js";
export { cautionsOf, cliffDelta, meanInterval, pairedComparison, type Caution, type ComparisonOptions, type PairedComparison } from "./methods/bias/paired-comparison.js";
export { fillTemplate, independentSlots, parseTemplate, type Filled, type Slot, type Template } from "./methods/bias/template.js";
export { CallBudget } from "./methods/counterfactuals/call-budget.js";
export { minimalFlipSets, type FlipSets, type FlipSetsOptions, type TryFlips } from "./methods/counterfactuals/flip-sets.js";
export { greedyFlipSet, type GreedyFlipSet } from "./methods/counterfactuals/greedy-flip-set.js";
export { hotFlipReplacements, type HotFlipInput, type HotFlipOptions, type Replacement } from "./methods/counterfactuals/hotflip.js";
export { deletion, editedText, mergedEdits, type TextEdit } from "./methods/counterfactuals/text-edits.js";
export { bootstrapInterval, jackknifeInterval, percentileInterval, wilsonInterval, type Interval } from "./methods/evaluation/intervals.js";
export { parseAssertions, judge, type Assertion } from "./methods/evaluation/assertions.js";
export { benjaminiHochberg, holm } from "./methods/evaluation/corrections.js";
export { evaluate, type Evaluation, type EvaluationInput, type EvaluationPlan } from "./methods/evaluation/evaluate.js";
export { fisherExact, mcNemarExact } from "./methods/evaluation/exact-tests.js";
export { parseCondition, parseSlices, type Factor, type SliceRule } from "./methods/evaluation/slice-language.js";
export { languageByScript, slicesOfRules, type Slice, type SliceTable } from "./methods/evaluation/slicing.js";
export { worstSlices, type WorstSlices } from "./methods/evaluation/worst-slices.js";
export { auc, averagePrecision, bestThreshold, calibrationError, classMetrics, flipRates, pairMetrics, regressionMetrics } from "./methods/evaluation/metrics.js";

export { readTreeEnsemble } from "./trees/read-tree-ensemble.js";
export { treeMargins, treePredictions } from "./trees/evaluate.js";
export { treeShap, treeShapInteractions } from "./trees/tree-shap.js";
export type { TreeEnsemble } from "./trees/types.js";
export { decodeModel } from "./onnx/decode.js";

export { collectCorpus, readCorpus, type CorpusPiece, type CorpusSource } from "./text/corpus/read-corpus.js";
export type { BrokenRow, Corpus, CorpusFormat, CorpusRow } from "./text/corpus/types.js";
export { mmdCritic, type MmdCritic, type MmdCriticOptions } from "./methods/examples/mmd-critic.js";
export { cosines, distances, largest } from "./methods/examples/nearest.js";
export { principalPlane, type PrincipalPlane } from "./methods/examples/principal-plane.js";
export { representers, representerValues, type RepresenterOptions, type Representers } from "./methods/examples/representer.js";
export { type Rows } from "./methods/examples/rows.js";
export { sharedEvidence, type WeighedWord } from "./methods/examples/shared-evidence.js";
export { tracIn, type LabelledExamples, type LabelledQuery } from "./methods/examples/tracin.js";
