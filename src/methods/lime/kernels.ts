/**
 * How LIME weighs a perturbed text by its distance from the original. One row a kernel; presets choose.
 * Sources: LIME's lime_text.py and lime_base.py, LIT's citrus/lime.py, Captum's LimeBase (definitions only).
 */

/** √exp(−d² ÷ width²), d = 100·(1 − √(k ÷ n)) for k of n words kept: the cosine distance of the presence vectors, times 100 */
export function limeKernel(kept: number, players: number, width = 25): number {
  const distance = kept === 0 ? 100 : 100 * (1 - Math.sqrt(kept / players));
  return Math.sqrt(Math.exp(-(distance ** 2) / width ** 2));
}

/** exp(−d² ÷ 2width²), d = 1 − cosine of the perturbed and the original input (1 for a zero vector) */
export function cosineKernel(perturbed: ArrayLike<number>, original: ArrayLike<number>, width = 1): number {
  let [product, left, right] = [0, 0, 0];
  for (let feature = 0; feature < original.length; feature++) {
    const [a, b] = [perturbed[feature] as number, original[feature] as number];
    product += a * b;
    left += a * a;
    right += b * b;
  }
  const distance = left === 0 || right === 0 ? 1 : 1 - product / Math.sqrt(left * right);
  return Math.exp(-(distance ** 2) / (2 * width ** 2));
}
