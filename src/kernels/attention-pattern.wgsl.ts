/**
 * Attention pattern: softmax(cap(QKᵀ·scale) + bias), one workgroup a row of the pattern. Scores are written to the output first and read back by
 * the same invocation, so a row may have any number of keys. Largest score first, then the sum: exp never overflows.
 */
export const attentionPatternShader = /* wgsl */ `
override lanes: u32 = 64;

// a row whose largest score is below it has no allowed key: float32's lowest number and -inf are meant, -10000 is an ordinary score
const masked: f32 = -1.0e30;
// every masked score is this, so that rows of nothing else are uniform
const lowest: f32 = -3.0e38;

struct Parameters {
  start: vec4<u32>, // first element of query, key, bias and pattern in their bindings
  rows: u32, // selected heads * queries
  queries: u32,
  keys: u32,
  head_size: u32,
  heads_per_key_head: u32,
  key_transposed: u32,
  causal: u32,
  has_bias: u32,
  bias_head: u32, // strides in elements, 0 where the bias broadcasts
  bias_query: u32,
  bias_key: u32,
  scale: f32,
  softcap: f32, // 0: none
  zero_masked: u32, // a row without any allowed key is 0, not uniform
  selected: array<vec4<u32>, 64>,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> query: array<f32>; // [head, query, headSize]
@group(0) @binding(2) var<storage, read> key: array<f32>; // [keyHead, key, headSize] or [keyHead, headSize, key]
@group(0) @binding(3) var<storage, read> bias: array<f32>; // broadcasts to [head, query, key]
@group(0) @binding(4) var<storage, read_write> pattern: array<f32>; // [selected, query, key]

var<workgroup> partial: array<f32, lanes>;

fn score(head: u32, row: u32, column: u32) -> f32 {
  let key_head = head / parameters.heads_per_key_head;
  let first = parameters.start.x + (head * parameters.queries + row) * parameters.head_size;
  var other = parameters.start.y + key_head * parameters.keys * parameters.head_size;
  var stride = 1u;
  if (parameters.key_transposed != 0u) {
    other += column;
    stride = parameters.keys;
  } else {
    other += column * parameters.head_size;
  }
  var total = 0.0;
  for (var feature = 0u; feature < parameters.head_size; feature++) {
    total += query[first + feature] * key[other + feature * stride];
  }
  total *= parameters.scale;
  if (parameters.softcap > 0.0) {
    // tanh of large numbers overflows on some devices
    total = parameters.softcap * tanh(clamp(total / parameters.softcap, -15.0, 15.0));
  }
  if (parameters.has_bias != 0u) {
    let at = head * parameters.bias_head + row * parameters.bias_query + column * parameters.bias_key;
    let added = bias[parameters.start.z + at];
    if (!(added > masked)) {
      return lowest;
    }
    total += added;
  }
  return total;
}

fn largest_of_all(lane: u32, value: f32) -> f32 {
  partial[lane] = value;
  workgroupBarrier();
  for (var reach = lanes / 2u; reach > 0u; reach = reach / 2u) {
    if (lane < reach) {
      partial[lane] = max(partial[lane], partial[lane + reach]);
    }
    workgroupBarrier();
  }
  return workgroupUniformLoad(&partial[0]);
}

fn sum_of_all(lane: u32, value: f32) -> f32 {
  partial[lane] = value;
  workgroupBarrier();
  for (var reach = lanes / 2u; reach > 0u; reach = reach / 2u) {
    if (lane < reach) {
      partial[lane] += partial[lane + reach];
    }
    workgroupBarrier();
  }
  return workgroupUniformLoad(&partial[0]);
}

@compute @workgroup_size(lanes)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = group.y * groups.x + group.x;
  if (index >= parameters.rows) {
    return;
  }
  let slot = index / parameters.queries;
  let row = index % parameters.queries;
  let head = parameters.selected[slot / 4u][slot % 4u];
  let output = parameters.start.w + index * parameters.keys;
  // with fewer queries than keys, the queries are the last ones
  let last = i32(row) + i32(parameters.keys) - i32(parameters.queries);

  var largest = lowest;
  for (var column = lane; column < parameters.keys; column += lanes) {
    var value = lowest;
    if (parameters.causal == 0u || i32(column) <= last) {
      value = score(head, row, column);
    }
    pattern[output + column] = value;
    largest = max(largest, value);
  }
  largest = largest_of_all(lane, largest);

  var total = 0.0;
  for (var column = lane; column < parameters.keys; column += lanes) {
    let power = exp(pattern[output + column] - largest);
    pattern[output + column] = power;
    total += power;
  }
  total = sum_of_all(lane, total);

  let factor = select(1.0 / total, 0.0, parameters.zero_masked != 0u && largest <= masked);
  for (var column = lane; column < parameters.keys; column += lanes) {
    pattern[output + column] *= factor;
  }
}
`;
