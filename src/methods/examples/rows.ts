/** Rows of numbers in one flat array, [row, column], as the methods on examples take them: a corpus has tens of thousands. */
export interface Rows {
  readonly data: Float32Array | Float64Array; // [row, width]
  readonly width: number;
}

export const rowCount = ({ data, width }: Rows): number => (width === 0 ? 0 : data.length / width);

export const rowOf = ({ data, width }: Rows, row: number): Float32Array | Float64Array => data.subarray(row * width, (row + 1) * width);

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}
