/**
 * What a file declares of a value, as facts, and the other way round.
 */
import { dataTypeOf } from "../onnx/dtypes.js";
import type { Dim, ValueInfo } from "../onnx/types.js";
import type { DType } from "../tensor/tensor.js";
import { cleanDim } from "./dims.js";
import type { Facts } from "./view.js";

export function valueInfo(name: string, dtype: DType, dims: readonly Dim[] | undefined): ValueInfo {
  return { name, type: { dtype, dataType: dataTypeOf(dtype), shape: dims ? [...dims] : null }, unknown: [] };
}

export function declaredFacts(info: ValueInfo | undefined): Facts {
  return { dtype: info?.type?.dtype, shape: info?.type?.shape?.map(cleanDim) };
}
