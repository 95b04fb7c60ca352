/**
 * The small interfaces that every method is written against: not a runtime, not a model. A toy function in a test and a
 * transformer in the engine look the same from here.
 */

/** Rows of input features → one number each (the target's score). Called in batches; stops at once when aborted. */
export type Predict = (inputs: readonly ArrayLike<number>[], signal?: AbortSignal) => Promise<number[]>;

/** Rows of input features → the score and its gradient with respect to the features, row by row. */
export type Gradient = (inputs: readonly ArrayLike<number>[], signal?: AbortSignal) => Promise<{ values: number[]; gradients: ArrayLike<number>[] }>;

/** How a flat feature vector divides into units: unit u owns the features [u·width, (u+1)·width). A token's embedding is one unit. */
export interface Units {
  readonly count: number;
  readonly width: number;
}

export interface MethodOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  /** rows a call of predict or gradient; 8 by default */
  readonly batch?: number;
}

export interface Attribution {
  /** signed, one a unit */
  readonly scores: number[];
  /** standard errors, one a unit, when the method samples */
  readonly errors?: number[];
  readonly value: number; // f(x)
  readonly baselineValue?: number; // f(x')
  /** |Σ scores − (f(x) − f(x'))| ÷ |f(x) − f(x')| */
  readonly completenessGap?: number;
  readonly evaluations: { readonly predict: number; readonly gradient: number };
}

/**
 * The straight line from a baseline x' (α = 0) to the input x (α = 1), as path methods need it. The engine answers with kernels and
 * reads back only one number a token; `pathOf(gradient, x, x', units)` makes one from a plain gradient function.
 */
export interface Path {
  readonly units: Units;
  /** f at each α, by forward passes alone; values.length = alphas.length */
  values(alphas: readonly number[], signal?: AbortSignal): Promise<number[]>;
  /** f at each α and, for each unit, Σ over its features of (x − x')·∂f/∂x at x' + α(x − x'); integrand[node][unit] */
  integrand(alphas: readonly number[], signal?: AbortSignal): Promise<{ values: number[]; integrand: number[][] }>;
}
