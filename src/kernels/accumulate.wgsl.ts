/** Weighted sum of rows added to an accumulator: one invocation an element. */
export const accumulateShader = /* wgsl */ `
override lanes: u32 = 64;

struct Parameters {
  start: vec4<u32>, // first element of rows, and of the accumulator
  count: u32,
  size: u32,
  weights: array<vec4<f32>, 64>,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> rows: array<f32>; // [count, size]
@group(0) @binding(2) var<storage, read_write> accumulator: array<f32>; // [size]

@compute @workgroup_size(lanes)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let element = (group.y * groups.x + group.x) * lanes + lane;
  if (element >= parameters.size) {
    return;
  }
  var total = 0.0;
  for (var row = 0u; row < parameters.count; row++) {
    total += parameters.weights[row / 4u][row % 4u] * rows[parameters.start.x + row * parameters.size + element];
  }
  accumulator[parameters.start.w + element] += total;
}
`;
