/** Rademacher directions ±h from the counter-based hash of base/hash.ts, bit for bit: one invocation an element, nothing is stored or sent. */
export const directionsShader = /* wgsl */ `
override lanes: u32 = 64;

struct Parameters {
  start: vec4<u32>, // first element of directions, in w
  count: u32,
  size: u32,
  seed: u32,
  first: u32,
  step: f32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read_write> directions: array<f32>; // [count, size]

fn pcg_hash(value: u32) -> u32 {
  let state = value * 747796405u + 2891336453u;
  let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (word >> 22u) ^ word;
}

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
  let direction = parameters.first + index / parameters.size;
  let element = index % parameters.size;
  let bits = pcg_hash(element + pcg_hash(direction + pcg_hash(parameters.seed)));
  directions[parameters.start.w + index] = select(parameters.step, -parameters.step, (bits >> 31u) == 1u);
}
`;
