/**
 * Per row, the Euclidean norm of a or the dot product of a and b: one workgroup a row. The norm takes two passes, the largest magnitude and
 * then the squares of what is divided by it, so that very small and very large gradients keep their norm in float32.
 */
export const rowReduceShader = /* wgsl */ `
override lanes: u32 = 64;
override norm: bool = false;

struct Parameters {
  start: vec4<u32>, // first element of a, b, nothing, and reduced
  rows: u32,
  width: u32,
  rows_of_b: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> a: array<f32>; // [row, width]
@group(0) @binding(2) var<storage, read> b: array<f32>; // [rowOfB, width]; a itself for the norm
@group(0) @binding(3) var<storage, read_write> reduced: array<f32>; // [row]

var<workgroup> partial: array<f32, lanes>;

@compute @workgroup_size(lanes)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= parameters.rows) {
    return;
  }
  let first = parameters.start.x + row * parameters.width;
  let other = parameters.start.y + (row % parameters.rows_of_b) * parameters.width;

  var largest = 0.0;
  if (norm) {
    for (var column = lane; column < parameters.width; column += lanes) {
      largest = max(largest, abs(a[first + column]));
    }
    partial[lane] = largest;
    workgroupBarrier();
    for (var reach = lanes / 2u; reach > 0u; reach = reach / 2u) {
      if (lane < reach) {
        partial[lane] = max(partial[lane], partial[lane + reach]);
      }
      workgroupBarrier();
    }
    largest = workgroupUniformLoad(&partial[0]);
  }

  var total = 0.0;
  for (var column = lane; column < parameters.width; column += lanes) {
    if (norm) {
      let scaled = a[first + column] / select(1.0, largest, largest > 0.0);
      total += scaled * scaled;
    } else {
      total += a[first + column] * b[other + column];
    }
  }
  partial[lane] = total;
  workgroupBarrier();
  for (var reach = lanes / 2u; reach > 0u; reach = reach / 2u) {
    if (lane < reach) {
      partial[lane] += partial[lane + reach];
    }
    workgroupBarrier();
  }
  if (lane == 0u) {
    reduced[parameters.start.w + row] = select(partial[0], largest * sqrt(partial[0]), norm);
  }
}
`;
