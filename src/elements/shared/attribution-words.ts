/** The words of the elements that show attributions, in English and Chinese. */
import { spoken } from "./page.js";

export interface AttributionWords {
  readonly lang: string;
  readonly speaksFor: (target: unknown, method: unknown) => readonly unknown[];
  /** for methods whose scores have no sign */
  readonly mattersFor: (target: unknown, method: unknown) => readonly unknown[];
  readonly methods: Readonly<Record<string, string>>;
  readonly against: string;
  readonly support: string;
  readonly list: string;
  readonly shown: (shown: string, all: string) => string;
  readonly showAll: string;
  readonly token: string;
  readonly weight: string;
  readonly error: string;
  /** every weight is known as well as this */
  readonly within: (error: string) => string;
  /** of a weight that is smaller than its error, twice */
  readonly unsure: string;
}

const en: AttributionWords = {
  lang: "en",
  speaksFor: (target, method) => ["What speaks for ", target, ", by ", method],
  mattersFor: (target, method) => ["What matters for ", target, ", by ", method],
  methods: {
    "gradient-x-input": "gradient × input", smoothgrad: "SmoothGrad", vargrad: "VarGrad", "gradient-shap": "GradientSHAP",
    lime: "LIME", "kernel-shap": "Kernel SHAP", "permutation-shap": "permutation SHAP", "exact-shapley": "exact Shapley values", "partition-shap": "partition SHAP", "tree-shap": "Tree SHAP",
    "attention-relevance": "attention × gradient (Chefer)", lrp: "layer-wise relevance (LRP)", "deep-lift": "DeepLift", reagent: "ReAGent",
  },
  against: "against",
  support: "for",
  list: "Weights",
  shown: (shown, all) => `${shown} of ${all}, the heaviest`,
  showAll: "Show all",
  token: "Token",
  weight: "Weight",
  error: "Standard error",
  within: (error) => `standard error up to ${error}`,
  unsure: "may be 0",
};

const zh: AttributionWords = {
  lang: "zh",
  speaksFor: (target, method) => ["哪些词支持“", target, "”（", method, "）"],
  mattersFor: (target, method) => ["哪些词影响“", target, "”（", method, "）"],
  methods: {
    "gradient-norm": "梯度范数", "gradient-x-input": "梯度 × 输入", "integrated-gradients": "积分梯度", "approximate-gradient": "近似梯度", occlusion: "遮挡",
    smoothgrad: "平滑梯度 SmoothGrad", vargrad: "梯度方差 VarGrad", "gradient-shap": "梯度 SHAP", lime: "LIME",
    "kernel-shap": "核 SHAP", "permutation-shap": "排列 SHAP", "exact-shapley": "精确沙普利值", "partition-shap": "分层 SHAP", "tree-shap": "树 SHAP",
    "layer-integrated-gradients": "层积分梯度", "attention-relevance": "注意力 × 梯度 (Chefer)", lrp: "逐层相关性 (LRP)", "deep-lift": "深度差分 DeepLift", reagent: "替换探测 ReAGent",
  },
  against: "反对",
  support: "支持",
  list: "权重",
  shown: (shown, all) => `显示权重最大的 ${shown} 个，共 ${all} 个`,
  showAll: "全部显示",
  token: "词元",
  weight: "权重",
  error: "标准误",
  within: (error) => `标准误不超过 ${error}`,
  unsure: "可能为 0",
};

export function attributionWordsFor(lang: string): AttributionWords {
  return spoken(lang, en, zh);
}
