/**
 * The gradient check: one row's exact gradient against differences of its own forward pass, along random directions. float32 in the
 * runtime, so the five-point formula with a wide step (h = 0.05: truncation h⁴, rounding 1e-7/h) is used, and the two numbers may differ
 * by 1e-3 of what a random direction gives on average, |seed·J|·|u|/√n.
 */
import { differentiate } from "../../src/autodiff/index.js";
import { Graph } from "../../src/graph/graph.js";
import type { Model } from "../../src/onnx/types.js";
import { float32, int64, sizeOf, type Tensor } from "../../src/tensor/tensor.js";
import type { Emit, Row } from "./rows.js";
import type { Run } from "./run.js";
import { emptyModel, seeded } from "./tiny-model.js";

const step = 0.05;
const directions = 3;

export interface Checkable {
  readonly forward: Model;
  readonly withGradient: Model;
  /** largest error over inputs and directions, in units of the average directional derivative */
  readonly error: (forward: Run, withGradient: Run) => Promise<number>;
}

/** @param symbolic every axis of every input gets a name of its own, so that nothing is known of which are broadcast */
export function checkable(row: Row, opset: number, symbolic: boolean): Checkable {
  const random = seeded(row.name.length * 1000 + opset);
  const tensors = row.inputs.map((input) => input.make(random));
  const names = row.inputs.map((_, index) => `x${index}`);
  const declared = row.inputs.flatMap(({ role, shape }, index) => role === "stored" ? [] : [{
    name: names[index] as string, dtype: (tensors[index] as Tensor).dtype, shape: symbolic && role === "primal" ? shape.map((_, axis) => `x${index}_${axis}`) : shape,
  }]);
  const graph = Graph.of(emptyModel(opset, declared));
  const x = row.inputs.map(({ role }, index) => role === "stored" ? graph.emitConstant(tensors[index] as Tensor) : (names[index] as string));
  const emit: Emit = {
    graph,
    op: (opType, inputs, attributes = {}, domain = "") => graph.emit(opType, inputs, { attributes, domain })[0] as string,
    ints: (...values) => graph.emitConstant(int64(values)),
  };
  const y = row.build(emit, x, opset);
  graph.addOutput(y);
  const forwardModel = graph.toModel();
  const primals = row.inputs.flatMap(({ role }, index) => (role === "primal" ? [index] : []));
  for (const index of primals) differentiate(graph, { of: y, wrt: names[index] as string, seed: `seed${index}`, into: `gradient${index}` });

  const error = async (forward: Run, withGradient: Run): Promise<number> => {
    const feeds = Object.fromEntries(names.map((name, index) => [name, tensors[index] as Tensor]));
    const shape = ((await forward(feeds))[y] as Tensor).shape;
    const seed = float32(Array.from({ length: sizeOf(shape) }, () => 2 * random() - 1), shape);
    const exact = await withGradient({ ...feeds, ...Object.fromEntries(primals.map((index) => [`seed${index}`, seed])) });
    let worst = 0;
    for (const index of primals) {
      const gradient = exact[`gradient${index}`] as Tensor;
      const at = (tensors[index] as Tensor).data as Float32Array;
      if (gradient.shape.join() !== (tensors[index] as Tensor).shape.join()) throw new Error(`gradient of x${index} has shape [${gradient.shape.join()}], not [${(tensors[index] as Tensor).shape.join()}]`);
      for (let direction = 0; direction < directions; direction++) {
        const u = Float64Array.from(at, () => 2 * random() - 1);
        const along = async (t: number): Promise<number> => {
          const moved = float32(Float32Array.from(at, (value, i) => value + t * (u[i] as number)), (tensors[index] as Tensor).shape);
          return dot(((await forward({ ...feeds, [names[index] as string]: moved }))[y] as Tensor).data, seed.data);
        };
        const numeric = (8 * ((await along(step)) - (await along(-step))) - ((await along(2 * step)) - (await along(-2 * step)))) / (12 * step);
        const analytic = dot(gradient.data, u);
        const scale = (norm(gradient.data as Float32Array) * norm(u)) / Math.sqrt(u.length);
        worst = Math.max(worst, Math.abs(numeric - analytic) / Math.max(scale, 1e-3));
      }
    }
    return worst;
  };
  return { forward: forwardModel, withGradient: graph.toModel(), error };
}

const dot = (a: ArrayLike<number | bigint>, b: ArrayLike<number | bigint>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Number(a[i]) * Number(b[i]);
  return sum;
};
const norm = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a));
