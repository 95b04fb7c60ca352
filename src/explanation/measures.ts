/** What an attention map's numbers can be. A list by itself, so that an element can check an attribute without what computes them. */

export const MEASURES = ["pattern", "rollout", "flow", "value-weighted", "value-zeroing"] as const;
export type Measure = (typeof MEASURES)[number];

/** Of these, what is known of one head by itself. */
export const HEAD_MEASURES = ["pattern", "value-weighted"] as const satisfies readonly Measure[];
export type HeadMeasure = (typeof HEAD_MEASURES)[number];
