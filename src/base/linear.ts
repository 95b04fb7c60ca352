/**
 * Weighted least squares for a handful of unknowns: ridge by Cholesky, lasso by coordinate descent. Not a linear-algebra library: a
 * surrogate model or a Shapley regression has tens of unknowns and thousands of rows, and that is all this is for.
 */
import { LexiscopeError } from "./errors.js";
import { sum } from "./statistics.js";

/** Solves A·x = b for a symmetric positive definite A (row-major, size × size). Throws `bad-input` when A is singular. */
export function solveCholesky(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const lower = Float64Array.from(matrix);
  const at = (row: number, column: number): number => lower[row * size + column] as number;
  for (let column = 0; column < size; column++) {
    for (let row = column; row < size; row++) {
      let value = at(row, column);
      for (let inner = 0; inner < column; inner++) value -= at(row, inner) * at(column, inner);
      if (row === column) {
        if (!(value > 1e-12 * Math.max(1, Math.abs(matrix[column * size + column] as number)))) throw new LexiscopeError("bad-input", `the samples do not determine feature ${column}: take more samples`);
        lower[row * size + column] = Math.sqrt(value);
      } else lower[row * size + column] = value / at(column, column);
    }
  }
  const solution = Float64Array.from(right);
  for (let row = 0; row < size; row++) {
    for (let inner = 0; inner < row; inner++) solution[row] = (solution[row] as number) - at(row, inner) * (solution[inner] as number);
    solution[row] = (solution[row] as number) / at(row, row);
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let inner = row + 1; inner < size; inner++) solution[row] = (solution[row] as number) - at(inner, row) * (solution[inner] as number);
    solution[row] = (solution[row] as number) / at(row, row);
  }
  return solution;
}

export interface LinearFit {
  readonly coefficients: number[]; // [column]
  readonly intercept: number;
  /** weighted coefficient of determination on the rows that were fitted; 1 when they are all equal */
  readonly r2: number;
}

interface Rows {
  readonly rows: readonly ArrayLike<number>[]; // [row][column]
  readonly values: readonly number[]; // [row]
  readonly weights: readonly number[]; // [row]
}

/** Weighted means and centred copies: with them the intercept is not penalised. */
function center({ rows, values, weights }: Rows, columns: readonly number[]) {
  const total = sum(weights);
  if (!(total > 0)) throw new LexiscopeError("bad-input", "the weights of the samples sum to 0: take a wider kernel or more samples");
  const mean = (of: (row: number) => number): number => weights.reduce((sum, weight, row) => sum + weight * of(row), 0) / total;
  const means = columns.map((column) => mean((row) => (rows[row] as ArrayLike<number>)[column] as number));
  const valueMean = mean((row) => values[row] as number);
  const centred = columns.map((column, index) => Float64Array.from(rows, (row) => (row[column] as number) - (means[index] as number))); // [column][row]
  const residual = Float64Array.from(values, (value) => value - valueMean);
  return { total, means, valueMean, centred, residual };
}

function finish(data: Rows, columns: readonly number[], means: readonly number[], valueMean: number, coefficients: ArrayLike<number>): LinearFit {
  const list = Array.from(coefficients);
  const intercept = valueMean - list.reduce((sum, coefficient, index) => sum + coefficient * (means[index] as number), 0);
  let unexplained = 0;
  let spread = 0;
  data.weights.forEach((weight, row) => {
    const fitted = list.reduce((sum, coefficient, index) => sum + coefficient * ((data.rows[row] as ArrayLike<number>)[columns[index] as number] as number), intercept);
    unexplained += weight * ((data.values[row] as number) - fitted) ** 2;
    spread += weight * ((data.values[row] as number) - valueMean) ** 2;
  });
  return { coefficients: list, intercept, r2: spread > 0 ? 1 - unexplained / spread : 1 };
}

/** argmin Σ w·(y − Xβ − b)² + α‖β‖², intercept not penalised. `columns`: the columns to fit, all by default. */
export function weightedRidge(data: Rows, alpha: number, columns: readonly number[] = allColumns(data)): LinearFit {
  const { means, valueMean, centred, residual } = center(data, columns);
  const size = columns.length;
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  const dot = (a: Float64Array, b: Float64Array): number => data.weights.reduce((sum, weight, row) => sum + weight * (a[row] as number) * (b[row] as number), 0);
  for (let row = 0; row < size; row++) {
    right[row] = dot(centred[row] as Float64Array, residual);
    for (let column = 0; column <= row; column++) matrix[row * size + column] = matrix[column * size + row] = dot(centred[row] as Float64Array, centred[column] as Float64Array) + (row === column ? alpha : 0);
  }
  return finish(data, columns, means, valueMean, size ? solveCholesky(matrix, right) : []);
}

/** argmin (1 ÷ 2Σw)·Σ w·(y − Xβ − b)² + α‖β‖₁, intercept not penalised; coordinate descent until no coefficient moves by more than 1e-10 of the largest. */
export function weightedLasso(data: Rows, alpha: number): LinearFit {
  const columns = allColumns(data);
  const { total, means, valueMean, centred, residual } = center(data, columns);
  const squares = centred.map((column) => data.weights.reduce((sum, weight, row) => sum + weight * (column[row] as number) ** 2, 0) / total);
  const coefficients = new Float64Array(columns.length);
  for (let round = 0; round < 10_000; round++) {
    let largestMove = 0;
    centred.forEach((column, index) => {
      const square = squares[index] as number;
      if (square === 0) return;
      const old = coefficients[index] as number;
      const correlation = data.weights.reduce((sum, weight, row) => sum + weight * (column[row] as number) * (residual[row] as number), 0) / total + square * old;
      const next = (Math.sign(correlation) * Math.max(0, Math.abs(correlation) - alpha)) / square;
      if (next === old) return;
      for (let row = 0; row < residual.length; row++) residual[row] = (residual[row] as number) - (next - old) * (column[row] as number);
      coefficients[index] = next;
      largestMove = Math.max(largestMove, Math.abs(next - old));
    });
    if (largestMove <= 1e-10 * Math.max(...coefficients.map(Math.abs), Number.MIN_VALUE)) break;
  }
  return finish(data, columns, means, valueMean, coefficients);
}

function allColumns({ rows }: Rows): number[] {
  return Array.from({ length: rows[0]?.length ?? 0 }, (_, column) => column);
}
