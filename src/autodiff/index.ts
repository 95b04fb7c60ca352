/** Reverse mode over an ONNX graph: what other floors use of it. */
export { differentiate, type GradientRequest } from "./differentiate.js";
export { gradientPath, type GradientPath } from "./path.js";
export { rules, operators } from "./operators.js";
export type { Rule, Site, Pullback } from "./rule.js";
export { rescaleRules, type SoftmaxRescaling } from "./rescale.js";
export { bilinear, relevanceRules } from "./relevance.js";
