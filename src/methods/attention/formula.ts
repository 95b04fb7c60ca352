/** The steps of softmax(QKᵀ·scale + mask)·V for one query token. Written to be read beside the numbers, not to be fast. */

export interface FormulaParts {
  readonly scale: number;
  readonly query: readonly (readonly number[])[]; // [token][headSize]
  readonly key: readonly (readonly number[])[]; // [token][headSize]
  readonly value: readonly (readonly number[])[]; // [token][valueSize]
  readonly mask: readonly (readonly number[])[] | null; // [query][key]
}

export interface FormulaStep {
  /** q·k */
  readonly dot: number;
  /** q·k·scale */
  readonly scaled: number;
  /** what is added; 0 without a mask */
  readonly mask: number;
  /** what enters softmax */
  readonly score: number;
}

/** One step a key, for the query token at `position`. */
export function formulaSteps({ scale, query, key, mask }: FormulaParts, position: number): FormulaStep[] {
  return key.map((features, at) => {
    const dot = features.reduce((sum, feature, index) => sum + feature * query[position]![index]!, 0);
    const added = mask?.[position]?.[at] ?? 0;
    return { dot, scaled: dot * scale, mask: added, score: dot * scale + added };
  });
}

/** Σ weight·value, [valueSize]. */
export function weightedSum(weights: readonly number[], value: readonly (readonly number[])[]): number[] {
  return (value[0] ?? []).map((_, feature) => weights.reduce((sum, weight, key) => sum + weight * value[key]![feature]!, 0));
}
