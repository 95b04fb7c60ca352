/**
 * How a faithfulness report is made: units, absence, sets, samples, and which numbers are shown, for our own report and for those of known tools.
 * Settings only. The definitions and their quirks follow the tools' own sources; what differs here stands in `quirk`.
 */
import { LexiscopeError } from "../../base/errors.js";
import type { SetRule } from "./erasure.js";
import type { FaithfulnessMetric } from "./metrics.js";

export interface FaithfulnessSettings {
  /** who is taken out: words, with the sums of their tokens' scores, or tokens */
  readonly unit: "word" | "token";
  /** what stands in a missing token's place */
  readonly removal: "mask" | "pad" | "delete";
  readonly sets: SetRule;
  /** random sets of units, and how many units each takes out; 0: from one to all */
  readonly subsets: number;
  readonly subsetSize: number;
  /** infidelity as Captum gives it, in squared logits, instead of a share of what there is to explain */
  readonly rawInfidelity: boolean;
  /** moved inputs, within ±radius a feature; relative: of the embeddings' root mean square */
  readonly moves: number;
  readonly radius: number;
  readonly radiusScale: "relative" | "absolute";
  readonly metrics: readonly FaithfulnessMetric[];
  readonly quirk: string;
}

const curves = ["area", "deletion", "insertion"] as const;
const rationale = ["rationale-auprc", "rationale-f1", "rationale-iou"] as const;

const own: FaithfulnessSettings = {
  unit: "word", removal: "mask", sets: "half", subsets: 64, subsetSize: 0, rawInfidelity: false, moves: 4, radius: 0.05, radiusScale: "relative",
  metrics: ["area", "comprehensiveness", "sufficiency", "deletion", "insertion", "leave-one-out", "infidelity", "sparseness", ...rationale], quirk: "",
};

export const faithfulnessPresets: Readonly<Record<string, FaithfulnessSettings>> = {
  "": own,
  ferret: {
    ...own, unit: "token", removal: "delete", sets: "ferret", metrics: ["area", "comprehensiveness", "sufficiency", "leave-one-out", ...rationale],
    quirk: "only tokens with a positive score are taken out; tokens are deleted from the ids, where ferret deletes them from the text and tokenizes it again",
  },
  eraser: { ...own, unit: "token", removal: "delete", sets: "eraser", metrics: ["area", "comprehensiveness", "sufficiency", ...rationale], quirk: "" },
  captum: {
    ...own, unit: "token", subsets: 10, rawInfidelity: true, moves: 10, radius: 0.02, radiusScale: "absolute", metrics: [...curves, "infidelity", "sensitivity"],
    quirk: "infidelity is not normalised; Captum leaves the perturbation to its caller, here it masks random tokens",
  },
  quantus: {
    ...own, unit: "token", subsets: 100, subsetSize: 224, moves: 200, radius: 0.2, radiusScale: "absolute",
    metrics: [...curves, "faithfulness-correlation", "sensitivity", "sparseness", "complexity", "randomisation"],
    quirk: "224 tokens are taken out at once, or half of the text where it has fewer than 448",
  },
};

/** Throws `bad-input` that names the presets there are. */
export function faithfulnessPreset(name: string): FaithfulnessSettings {
  const found = Object.hasOwn(faithfulnessPresets, name) ? faithfulnessPresets[name] : undefined;
  if (!found) throw new LexiscopeError("bad-input", `no preset "${name}" of a faithfulness report; there are ${Object.keys(faithfulnessPresets).filter(Boolean).join(", ")}`, { phase: "request" });
  return found;
}
