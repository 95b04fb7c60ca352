/**
 * WebGPU's types under names of our own, for what this package declares to others: a program that uses the package without
 * `@webgpu/types` must compile, and sees `unknown` there. Only types.
 */

/** The type of a global class, where the compiler knows it. */
type Instance<Name extends string> = typeof globalThis extends Record<Name, { prototype: infer Type }> ? Type : unknown;

export type GpuDevice = Instance<"GPUDevice">;
export type GpuAdapter = Instance<"GPUAdapter">;
export type GpuBuffer = Instance<"GPUBuffer">;
