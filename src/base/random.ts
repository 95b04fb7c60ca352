/**
 * A seeded generator: the same seed gives the same numbers on every machine. Not for security, and no global state: whoever samples
 * holds one and says its seed. Math.random is used nowhere in the library.
 */
import { hash3 } from "./hash.js";

export class Random {
  private drawn = 0;
  private spare: number | null = null;

  /** `stream` gives independent sequences under one seed. */
  constructor(
    readonly seed: number,
    private readonly stream = 0,
  ) {}

  /** 32 random bits as an unsigned integer. */
  bits(): number {
    return hash3(this.seed >>> 0, this.stream >>> 0, this.drawn++);
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    const high = this.bits() >>> 5; // 27 bits
    const low = this.bits() >>> 6; // 26 bits
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** Uniform in 0 … count − 1. */
  integer(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** Standard normal (Box–Muller). */
  normal(): number {
    if (this.spare !== null) {
      const value = this.spare;
      this.spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** `size` of the numbers 0 … count − 1, without replacement, in the order they were drawn. */
  sample(count: number, size: number): number[] {
    const order = Array.from({ length: count }, (_, index) => index);
    for (let place = 0; place < size; place++) {
      const other = place + this.integer(count - place);
      [order[place], order[other]] = [order[other] as number, order[place] as number];
    }
    return order.slice(0, size);
  }

  /** 0 … count − 1 in random order (Fisher–Yates). */
  permutation(count: number): number[] {
    const order = Array.from({ length: count }, (_, index) => index);
    for (let last = count - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      [order[last], order[other]] = [order[other] as number, order[last] as number];
    }
    return order;
  }
}
