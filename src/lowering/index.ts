/** Fused operators taken apart: what other floors use of it. */
export { lower, type Lowered } from "./lower.js";
export { lowerings, type NotLowered } from "./table.js";
