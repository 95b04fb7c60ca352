/**
 * What metrics need of each row, taken from the predictions once, so that a slice, a resample or a threshold only adds up. Not a metric.
 */

export interface RowFacts {
  readonly count: number;
  readonly classes: number;
  /** the class that precision, recall, F1 and AUC are of; null: of all, each with the same say */
  readonly positive: number | null;
  readonly labels: Int32Array; // [row]
  readonly predicted: Int32Array; // [row], the likeliest class, the first among equals
  readonly probabilities: Float64Array; // [row, class]
  readonly logLoss: Float64Array; // [row], −ln p(label), nats
  readonly brier: Float64Array; // [row], Σ over classes (p − [label])²
  readonly confidence: Float64Array; // [row], p(predicted)
  /** for each class that is ranked (the positive one, or all): every row, the likeliest first */
  readonly orders: readonly Uint32Array[]; // [ranked class][place]
}

/** The classes that are ranked. */
export const rankedClasses = ({ positive, classes }: Pick<RowFacts, "positive" | "classes">): number[] => (positive === null ? Array.from({ length: classes }, (_, index) => index) : [positive]);

/** labels: [row]; probabilities: [row, class] row-major. */
export function rowFacts(labels: ArrayLike<number>, probabilities: Float64Array, classes: number, positive: number | null): RowFacts {
  const count = labels.length;
  const [predicted, logLoss, brier, confidence] = [new Int32Array(count), new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let row = 0; row < count; row++) {
    const label = labels[row] as number;
    let [best, square] = [0, 0];
    for (let index = 0; index < classes; index++) {
      const p = probabilities[row * classes + index] as number;
      if (p > (probabilities[row * classes + best] as number)) best = index;
      square += (p - (index === label ? 1 : 0)) ** 2;
    }
    predicted[row] = best;
    brier[row] = square;
    confidence[row] = probabilities[row * classes + best] as number;
    logLoss[row] = -Math.log(Math.max(probabilities[row * classes + label] as number, Number.MIN_VALUE));
  }
  const orders = rankedClasses({ positive, classes }).map((index) => {
    const score = (row: number): number => probabilities[row * classes + index] as number;
    return Uint32Array.from({ length: count }, (_, row) => row).sort((a, b) => score(b) - score(a) || a - b);
  });
  return { count, classes, positive, labels: Int32Array.from(labels), predicted, probabilities, logLoss, brier, confidence, orders };
}
