/**
 * How much a training step on an example would change the loss of a query: TracIn with the one checkpoint there is, and the gradient of the
 * last layer alone. Both are approximations of the method (which sums over checkpoints and takes all weights); the gradient itself is exact:
 * for cross-entropy behind a linear layer W·h + b it is (p − y) ⊗ (h, 1), so a product of two gradients is (p − y)·(p′ − y′)·(h·h′ + 1).
 *
 * Source: Pruthi, Liu, Kale, Sundararajan, "Estimating training data influence by tracing gradient descent", NeurIPS 2020 (TracInCP, section
 * 3.2, and last layer, section 4.2); the learning rate is left out, it scales all alike.
 */
import { softmax } from "../probabilities.js";
import { dot, rowCount, rowOf, type Rows } from "./rows.js";

export interface LabelledExamples {
  /** what goes into the last layer, [row, width] */
  readonly features: Rows;
  readonly logits: Rows; // [row, label]
  /** given label of each row; −1 where there is none */
  readonly labels: ArrayLike<number>;
}

export interface LabelledQuery {
  readonly features: ArrayLike<number>; // [width]
  readonly logits: ArrayLike<number>; // [label]
  readonly label: number;
}

/** p − y: the gradient of the cross-entropy with respect to the logits. */
function residual(logits: ArrayLike<number>, label: number): number[] {
  return softmax(Float32Array.from(logits)).map((probability, index) => probability - (index === label ? 1 : 0));
}

/** → [row]: above zero, a step on the example lowers the query's loss (it speaks for the label); NaN where the row has no label. */
export function tracIn({ features, logits, labels }: LabelledExamples, query: LabelledQuery): Float64Array {
  const asked = residual(query.logits, query.label);
  return Float64Array.from({ length: rowCount(features) }, (_, row) => {
    const label = labels[row]!;
    return label < 0 ? NaN : dot(asked, residual(rowOf(logits, row), label)) * (dot(query.features, rowOf(features, row)) + 1);
  });
}
