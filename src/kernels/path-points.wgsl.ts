/** Points of the straight path, as what must be added to the input: (α − 1)·(x − x'). Exactly 0 at α = 1. One invocation an element. */
export const pathPointsShader = /* wgsl */ `
override lanes: u32 = 64;

struct Parameters {
  start: vec4<u32>, // first element of input, baseline, nothing, and points
  count: u32,
  size: u32,
  alphas: array<vec4<f32>, 64>,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> input: array<f32>; // [size]
@group(0) @binding(2) var<storage, read> baseline: array<f32>; // [size]
@group(0) @binding(3) var<storage, read_write> points: array<f32>; // [count, size]

@compute @workgroup_size(lanes)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = (group.y * groups.x + group.x) * lanes + lane;
  if (index >= parameters.count * parameters.size) {
    return;
  }
  let point = index / parameters.size;
  let element = index % parameters.size;
  let alpha = parameters.alphas[point / 4u][point % 4u];
  let change = input[parameters.start.x + element] - baseline[parameters.start.y + element];
  points[parameters.start.w + index] = (alpha - 1.0) * change;
}
`;
