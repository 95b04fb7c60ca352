/** What an attention map's numbers can be. A list by itself, so that an element can check an attribute without what computes them. */

export const MEASURES = ["pattern", "rollout", "flow", "value-weighted", "value-zeroing"] as const;
export type Measure = (typeof MEASURES)[number];
