/**
 * The numbers of a faithfulness report as a table: which way is better, and whether random scores can be judged by the same number. No computation.
 * "area": the area between insertion and deletion curve, by which the verdict is given.
 */

export type FaithfulnessMetric =
  | "area" | "comprehensiveness" | "sufficiency" | "deletion" | "insertion" | "leave-one-out" | "infidelity" | "faithfulness-correlation"
  | "sensitivity" | "sparseness" | "complexity" | "randomisation" | "rationale-auprc" | "rationale-f1" | "rationale-iou";

export interface MetricEntry {
  /** null: says what an explanation is like, not how good it is */
  readonly better: "high" | "low" | null;
  /** has a band of random scores beside it */
  readonly chance: boolean;
  readonly source: string;
}

const deYoung = "DeYoung et al. 2020, arXiv:1911.03429";
const area = "Petsiuk et al. 2018, arXiv:1806.07421";

export const faithfulnessMetrics: Readonly<Record<FaithfulnessMetric, MetricEntry>> = {
  area: { better: "high", chance: true, source: area },
  comprehensiveness: { better: "high", chance: true, source: deYoung },
  sufficiency: { better: "low", chance: true, source: deYoung },
  deletion: { better: "low", chance: true, source: area },
  insertion: { better: "high", chance: true, source: area },
  "leave-one-out": { better: "high", chance: true, source: "Attanasio et al. 2023, arXiv:2208.01575" },
  infidelity: { better: "low", chance: true, source: "Yeh et al. 2019, arXiv:1901.09392" },
  "faithfulness-correlation": { better: "high", chance: true, source: "Bhatt et al. 2020, arXiv:2005.00631" },
  sensitivity: { better: "low", chance: false, source: "Yeh et al. 2019, arXiv:1901.09392" },
  sparseness: { better: null, chance: false, source: "Chalasani et al. 2020, arXiv:1810.06583" },
  complexity: { better: null, chance: false, source: "Bhatt et al. 2020, arXiv:2005.00631" },
  randomisation: { better: "low", chance: false, source: "Adebayo et al. 2018, arXiv:1810.03292" },
  "rationale-auprc": { better: "high", chance: true, source: deYoung },
  "rationale-f1": { better: "high", chance: true, source: deYoung },
  "rationale-iou": { better: "high", chance: true, source: deYoung },
};
