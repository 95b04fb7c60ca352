/** Mean or largest value over the first axis (heads, layers): one invocation an element. */
export const reduceMapsShader = /* wgsl */ `
override lanes: u32 = 64;

struct Parameters {
  start: vec4<u32>, // first element of maps and reduced
  count: u32,
  size: u32,
  largest: u32, // 1 the largest value, 0 the mean
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> maps: array<f32>; // [count, size]
@group(0) @binding(2) var<storage, read_write> reduced: array<f32>; // [size]

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
  let first = parameters.start.x + element;
  var value = maps[first];
  for (var map = 1u; map < parameters.count; map++) {
    let other = maps[first + map * parameters.size];
    value = select(value + other, max(value, other), parameters.largest != 0u);
  }
  reduced[parameters.start.w + element] = select(value / f32(parameters.count), value, parameters.largest != 0u);
}
`;
