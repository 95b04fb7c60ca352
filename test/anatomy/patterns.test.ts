/** Each pattern by itself, on a graph made for it. */
import { expect } from "@open-wc/testing";
import { isTriangular } from "../../src/anatomy/causal.js";
import { summarize } from "../../src/anatomy/describe.js";
import { dissect } from "../../src/anatomy/dissect.js";
import type { Anatomy, AttentionBlock } from "../../src/anatomy/types.js";
import { type Tensor, float32, int64, sizeOf } from "../../src/tensor/tensor.js";
import { type Line, graphOf } from "./hand-built.js";

const ones = (...shape: number[]): Tensor => float32(new Float32Array(sizeOf(shape)).fill(1), shape);
const scalar = (value: number): Tensor => float32([value], []);

/** Words of width 8, two heads of 4, and between product and softmax whatever a test says; `scores` is the softmax's input. */
const HEADS: readonly Line[] = [
  "x = Gather(words, input_ids)",
  "q0 = MatMul(x, w)", "k0 = MatMul(x, w)", "v0 = MatMul(x, w)",
  "q1 = Reshape(q0, split)", "k1 = Reshape(k0, split)", "v1 = Reshape(v0, split)",
  ["q = Transpose(q1)", { perm: [0, 2, 1, 3] }], ["k = Transpose(k1)", { perm: [0, 2, 1, 3] }],
  ["kt = Transpose(k1)", { perm: [0, 2, 3, 1] }], ["v = Transpose(v1)", { perm: [0, 2, 1, 3] }],
];
const TAIL: readonly Line[] = [["c1 = Transpose(c)", { perm: [0, 2, 1, 3] }], "c2 = Reshape(c1, merge)", "y = MatMul(c2, w)", "logits = Add(x, y)"];

interface Middle {
  readonly lines: readonly Line[];
  readonly constants?: Record<string, Tensor>;
  readonly inputs?: Record<string, readonly ["float32" | "int64" | "bool", ...(number | string)[]]>;
  readonly weights?: string;
}

function attend({ lines, constants = {}, inputs = {}, weights = "p" }: Middle): Anatomy {
  return dissect(graphOf({
    inputs: { input_ids: ["int64", "batch", "token"], ...inputs },
    constants: { words: ones(11, 8), w: ones(8, 8), split: int64([0, 0, -1, 4]), merge: int64([0, 0, 8]), ...constants },
    lines: [...HEADS, ...lines, `c = MatMul(${weights}, v)`, ...TAIL],
    outputs: ["logits"],
  }));
}
function one(middle: Middle): AttentionBlock {
  const { attention } = attend(middle);
  expect(attention).to.have.length(1);
  return attention[0]!;
}
const last = { axis: -1 };

describe("attention: what stands between product and softmax", () => {
  it("nothing at all", () => {
    const block = one({ lines: ["s = MatMul(q, kt)", ["p = Softmax(s)", last]] });
    expect(block).to.deep.include({ layer: 0, query: "q", key: "kt", keyTransposed: true, value: "v", scale: 1, bias: null, extra: [], heads: 2, headSize: 4, causal: false, probabilities: "p", scores: "s", node: "p" });
  });
  it("Mul by a constant, on either side", () => {
    expect(one({ constants: { half: scalar(0.5) }, lines: ["s = MatMul(q, kt)", "t = Mul(s, half)", ["p = Softmax(t)", last]] }).scale).to.equal(0.5);
    expect(one({ constants: { half: scalar(0.5) }, lines: ["s = MatMul(q, kt)", "t = Mul(half, s)", ["p = Softmax(t)", last]] }).scale).to.equal(0.5);
  });
  it("Div by a constant, then a mask", () => {
    const block = one({ constants: { two: scalar(2) }, inputs: { mask: ["float32", "batch", 1, 1, "token"] }, lines: ["s = MatMul(q, kt)", "t = Div(s, two)", "u = Add(mask, t)", ["p = Softmax(u)", last]] });
    expect(block).to.deep.include({ scale: 0.5, bias: "mask", extra: [], causal: false });
  });
  it("root of the scale on both sides: inside the queries and keys", () => {
    const block = one({ constants: { r: scalar(0.7) }, lines: ["qs = Mul(q, r)", "ks = Mul(kt, r)", "s = MatMul(qs, ks)", ["p = Softmax(s)", last]] });
    expect(block).to.deep.include({ query: "qs", key: "ks", scale: 1 });
  });
  it("a factor that is not constant is reported, not guessed", () => {
    const anatomy = attend({ inputs: { factor: ["float32", 1] }, lines: ["s = MatMul(q, kt)", "t = Mul(s, factor)", ["p = Softmax(t)", last]] });
    expect(anatomy.attention[0]!.scale).to.equal(null);
    expect(anatomy.missing.filter(({ what }) => what === "scale")).to.deep.equal([{ what: "scale", node: "t", reason: 'Mul by "factor", which is not a constant number' }]);
  });
  it("Where on the scores is not additive", () => {
    const middle: Middle = { constants: { low: scalar(-1e4) }, inputs: { allowed: ["bool", 1, 1, "token", "token"] }, lines: ["s = MatMul(q, kt)", "t = Where(allowed, s, low)", ["p = Softmax(t)", last]] };
    expect(one(middle)).to.deep.include({ bias: null, extra: ["Where"], scale: 1 });
  });
  it("two biases, and a factor behind a bias: the formula does not hold, `extra` says so", () => {
    const inputs = { mask: ["float32", 1, 1, 1, "token"], relative: ["float32", 1, 2, "token", "token"] } as const;
    expect(one({ inputs, lines: ["s = MatMul(q, kt)", "t = Add(s, relative)", "u = Add(t, mask)", ["p = Softmax(u)", last]] })).to.deep.include({ bias: "mask", extra: ["Add"] });
    expect(one({ inputs, constants: { two: scalar(2) }, lines: ["s = MatMul(q, kt)", "t = Add(s, mask)", "u = Div(t, two)", ["p = Softmax(u)", last]] })).to.deep.include({ scale: 0.5, extra: ["Div"] });
  });
  it("two biases that are one sum", () => {
    const inputs = { mask: ["float32", 1, 1, 1, "token"], relative: ["float32", 1, 2, "token", "token"] } as const;
    expect(one({ inputs, lines: ["b = Add(relative, mask)", "s = MatMul(q, kt)", "t = Add(s, b)", ["p = Softmax(t)", last]] })).to.deep.include({ bias: "b", extra: [] });
  });
  it("soft cap", () => {
    const block = one({ constants: { cap: scalar(50), half: scalar(0.5) }, lines: ["s = MatMul(q, kt)", "t = Mul(s, half)", "u = Div(t, cap)", "tanh = Tanh(u)", "capped = Mul(tanh, cap)", ["p = Softmax(capped)", last]] });
    expect(block).to.deep.include({ scale: 0.5, softcap: 50, extra: [] });
  });
  it("a relative score that is itself a product with position keys", () => {
    const block = one({ constants: { pk: ones(1, 2, 4, 5) }, lines: ["s = MatMul(q, kt)", "r = MatMul(q, pk)", "t = Add(r, s)", ["p = Softmax(t)", last]] });
    expect(block).to.deep.include({ query: "q", key: "kt", bias: "r", extra: [] });
  });
  it("NaN guard: the pattern is the Where", () => {
    const block = one({ constants: { zero: scalar(0) }, lines: ["s = MatMul(q, kt)", ["p = Softmax(s)", last], "nan = IsNaN(p)", "g = Where(nan, zero, p)"], weights: "g" });
    expect(block).to.deep.include({ probabilities: "g", value: "v" });
  });
  it("rows that a mask empties: the pattern is the Where", () => {
    expect(one({ inputs: { rows: ["bool", "B", 1, "T", 1] }, constants: { zero: scalar(0) }, lines: ["s = MatMul(q, kt)", ["m = Softmax(s)", last], "p = Where(rows, zero, m)"] })).to.deep.include({ probabilities: "p", scores: "s" });
  });
  it("through Cast and Identity", () => {
    const block = one({ lines: ["s = MatMul(q, kt)", ["t = Cast(s)", { to: 1 }], ["p = Softmax(t)", last], "p1 = Identity(p)"], weights: "p1" });
    expect(block).to.deep.include({ probabilities: "p", value: "v", scale: 1, extra: [] });
  });
});

describe("attention: the product", () => {
  it("FusedMatMul with alpha and transB", () => {
    const block = one({ lines: [["s = com.microsoft.FusedMatMul(q, k)", { alpha: { float: 0.25 }, transB: 1 }], ["p = Softmax(s)", last]] });
    expect(block).to.deep.include({ query: "q", key: "k", keyTransposed: false, scale: 0.25 });
  });
  it("Einsum", () => {
    expect(one({ lines: [["s = Einsum(q, k)", { equation: "bhid,bhjd->bhij" }], ["p = Softmax(s)", last]] })).to.deep.include({ key: "k", keyTransposed: false });
    const anatomy = attend({ lines: [["s = Einsum(q, k)", { equation: "hbid,bhjd->bhij" }], ["p = Softmax(s)", last]] });
    expect(anatomy.attention[0]!.query).to.equal(null);
    expect(anatomy.missing.map(({ what, node }) => [what, node])).to.deep.include(["query", "s"]);
  });
  it("batch and head in one axis: four axes are before the reshape", () => {
    const block = one({
      constants: { flat: int64([-1, 6, 4]), four: int64([-1, 2, 6, 6]) },
      lines: ["q3 = Reshape(q, flat)", "k3 = Reshape(k, flat)", ["kt3 = Transpose(k3)", { perm: [0, 2, 1] }], "s3 = MatMul(q3, kt3)", "s = Reshape(s3, four)", ["p = Softmax(s)", last]],
    });
    expect(block).to.deep.include({ query: "q", key: "k", keyTransposed: false, scale: 1, extra: [] });
  });
  it("grouped heads after Expand: the key has all heads", () => {
    const block = one({
      constants: { wk: ones(8, 4), one: int64([2]), wide: int64([1, 1, 2, 1, 1]), all: int64([0, 2, -1, 4]) },
      lines: ["kk = MatMul(x, wk)", "kg = Reshape(kk, split)", ["kh = Transpose(kg)", { perm: [0, 2, 1, 3] }], "ku = Unsqueeze(kh, one)", "ke = Expand(ku, wide)", "ka = Reshape(ke, all)",
        ["kat = Transpose(ka)", { perm: [0, 1, 3, 2] }], "s = MatMul(q, kat)", ["p = Softmax(s)", last]],
    });
    expect(block).to.deep.include({ key: "kat", heads: 2, headSize: 4 });
  });
  it("a softmax of a classifier is no attention", () => {
    const anatomy = dissect(graphOf({ inputs: { input_ids: ["int64", "batch", "token"] }, constants: { words: ones(11, 8), w: ones(8, 3) }, lines: ["x = Gather(words, input_ids)", "y = MatMul(x, w)", ["logits = Softmax(y)", last]], outputs: ["logits"] }));
    expect(anatomy.attention).to.deep.equal([]);
    expect(anatomy.missing).to.deep.equal([{ what: "attention", node: "logits", reason: "no Softmax follows a product of two activations" }]);
  });
  it("fused attention is named with what to do", () => {
    const anatomy = dissect(graphOf({ inputs: { input_ids: ["int64", "batch", "token"] }, constants: { words: ones(11, 8), w: ones(8, 24) }, lines: ["x = Gather(words, input_ids)", ["a = com.microsoft.Attention(x, w)", { num_heads: 2 }], "logits = Add(x, a)"], outputs: ["logits"] }));
    expect(anatomy.missing.map(({ what, node }) => [what, node])).to.deep.equal([["attention", "a"]]);
    expect(anatomy.residual.map(({ value }) => value)).to.deep.equal(["logits"]);
  });
});

describe("attention: causality", () => {
  const comparison = (op: string): Middle => ({
    constants: { zero: int64([0], []), step: int64([1], []), at: int64([1], []), row: int64([0]), column: int64([1]), low: scalar(-1e9), none: scalar(0) },
    lines: ["shape = Shape(input_ids)", "n = Gather(shape, at)", "r = Range(zero, n, step)", "kp = Unsqueeze(r, row)", "qp = Unsqueeze(r, column)", ...(op === "Less" ? ["q1p = Add(qp, step)"] : []),
      `allowed = ${op}(kp, ${op === "Less" ? "q1p" : "qp"})`, "mask = Where(allowed, none, low)", "s = MatMul(q, kt)", "t = Add(s, mask)", ["p = Softmax(t)", last]],
  });
  for (const op of ["LessOrEqual", "Less", "Greater"]) it(`${op} of key and query positions`, () => expect(one(comparison(op)).causal).to.equal(true));
  it("queries moved by what a cache holds", () => {
    const { constants, lines } = comparison("LessOrEqual");
    const moved = lines.flatMap((line): Line[] => (line === "allowed = LessOrEqual(kp, qp)" ? ["later = Add(past, qp)", "allowed = LessOrEqual(kp, later)"] : [line]));
    expect(one({ constants: { ...constants }, inputs: { past: ["int64"] }, lines: moved }).causal).to.equal(true);
  });
  it("a window is not causality", () => {
    const { constants, lines } = comparison("Greater");
    const windowed = lines.flatMap((line): Line[] => (line === "allowed = Greater(kp, qp)" ? ["edge = Sub(qp, three)", "allowed = Greater(kp, edge)"] : [line]));
    expect(one({ constants: { ...constants, three: int64([3], []) }, lines: windowed }).causal).to.equal(false);
  });
  it("Trilu", () => {
    const anatomy = attend({ inputs: { full: ["float32", "token", "token"] }, lines: [["mask = Trilu(full)", { upper: 1 }], "s = MatMul(q, kt)", "t = Add(s, mask)", ["p = Softmax(t)", last]] });
    expect(anatomy.causal).to.equal(true);
  });
  it("a constant table, sliced, in a Where on the scores", () => {
    const tril = { dtype: "bool" as const, shape: [1, 1, 3, 3], data: Uint8Array.from([1, 0, 0, 1, 1, 0, 1, 1, 1]) };
    const middle: Middle = { constants: { tril, low: scalar(-1e4), from: int64([0]), to: int64([2]), axes: int64([2]) }, lines: ["s = MatMul(q, kt)", "cut = Slice(tril, from, to, axes)", "t = Where(cut, s, low)", ["p = Softmax(t)", last]] };
    expect(one(middle)).to.deep.include({ causal: true, extra: ["Where"] });
  });
  it("triangles", () => {
    expect(isTriangular([2, 2], [0, -9, 0, 0])).to.equal(true);
    expect(isTriangular([2, 2], [1, 0, 0, 1])).to.equal(false);
    expect(isTriangular([2, 2], [1, 1, 1, 1])).to.equal(false);
    expect(isTriangular([1, 3], [1, 0, 0])).to.equal(false);
  });
});

describe("word embeddings", () => {
  const x = (lines: readonly Line[], inputs: Record<string, readonly ["int64", ...string[]]>, constants: Record<string, Tensor>, outputs = ["logits"]): Anatomy => dissect(graphOf({ inputs, constants, lines, outputs }));
  it("words, positions and types: the largest table", () => {
    const { embeddings } = x(
      ["p = Gather(positions, b)", "t = Gather(types, c)", "e = Gather(words, a)", "s = Add(p, t)", "logits = Add(e, s)"],
      { c: ["int64", "n", "t"], b: ["int64", "n", "t"], a: ["int64", "n", "t"] },
      { words: ones(30, 4), positions: ones(12, 4), types: ones(2, 4) },
    );
    expect(embeddings).to.deep.equal({ value: "e", table: "words", ids: "a", width: 4, vocabulary: 30 });
  });
  it("a table of sines, longer than the words, that only turns", () => {
    const lines = ["r = Gather(sines, b)", "e = Gather(words, a)", "h = MatMul(e, mix)", "t = Mul(h, r)", "s = Add(e, t)", "logits = MatMul(s, head)"];
    const inputs = { b: ["int64", "n", "t"], a: ["int64", "n", "t"] } as const;
    expect(x(lines, inputs, { words: ones(5, 4), sines: ones(12, 4), mix: ones(4, 4), head: ones(4, 2) }).embeddings?.ids).to.equal("a");
  });
  it("words that are only scaled stay words", () => {
    const inputs = { a: ["int64", "n", "t"] } as const;
    expect(x(["e = Gather(words, a)", "s = Mul(e, root)", "p = Gather(places, a)", "t = Add(p, s)", "logits = MatMul(t, head)"], inputs, { words: ones(9, 4), places: ones(3, 4), root: scalar(2), head: ones(4, 2) }).embeddings?.value).to.equal("e");
  });
  it("fewer words than positions: as many scores a token as words", () => {
    const lines = ["p = Gather(positions, b)", "e = Gather(words, a)", "s = Add(e, p)", "logits = MatMul(s, head)"];
    const inputs = { b: ["int64", "n", "t"], a: ["int64", "n", "t"] } as const;
    expect(x(lines, inputs, { words: ones(5, 4), positions: ones(12, 4), head: ones(4, 5) }).embeddings?.ids).to.equal("a");
  });
  it("as many words as positions, no such head: shapes are taken from the words", () => {
    const lines = ["n = Shape(a)", "z = ConstantOfShape(n)", "p = Gather(positions, b)", "e = Gather(words, a)", "s = Add(e, p)", "logits = MatMul(s, head)"];
    const inputs = { b: ["int64", "n", "t"], a: ["int64", "n", "t"] } as const;
    expect(x(lines, inputs, { words: ones(12, 4), positions: ones(12, 4), head: ones(4, 2) }, ["logits", "z"]).embeddings?.ids).to.equal("a");
  });
  it("float16 table behind a Cast, and int8 rows before DequantizeLinear", () => {
    const half: Tensor = { dtype: "float16", shape: [3, 2], data: new Uint16Array(6) };
    expect(x([["w = Cast(half)", { to: 1 }], "logits = Gather(w, a)"], { a: ["int64", "n", "t"] }, { half }).embeddings).to.deep.equal({ value: "logits", table: "half", ids: "a", width: 2, vocabulary: 3 });
    const bytes: Tensor = { dtype: "int8", shape: [3, 2], data: new Int8Array(6) };
    expect(x(["r = Gather(bytes, a)", "logits = DequantizeLinear(r, scale)"], { a: ["int64", "n", "t"] }, { bytes, scale: scalar(0.1) }).embeddings?.value).to.equal("logits");
  });
  it("none: says why", () => {
    const anatomy = dissect(graphOf({ inputs: { x: ["float32", "n", "t", 4] }, constants: { w: ones(4, 2) }, lines: ["logits = MatMul(x, w)"], outputs: ["logits"] }));
    expect(anatomy.embeddings).to.equal(null);
    expect(anatomy.missing.find(({ what }) => what === "embeddings")?.reason).to.equal("no Gather from a constant two-dimensional table");
  });
});

describe("residual stream", () => {
  const NORM = (input: string, output: string): Line => [`${output} = LayerNormalization(${input}, gain, shift)`, { axis: -1 }];
  const block = (input: string, tag: string): Line[] => [
    `${tag}q0 = MatMul(${input}, w)`, `${tag}q1 = Reshape(${tag}q0, split)`, [`${tag}q = Transpose(${tag}q1)`, { perm: [0, 2, 1, 3] }], [`${tag}k = Transpose(${tag}q1)`, { perm: [0, 2, 3, 1] }],
    `${tag}s = MatMul(${tag}q, ${tag}k)`, [`${tag}p = Softmax(${tag}s)`, last], `${tag}c = MatMul(${tag}p, ${tag}q)`, [`${tag}c1 = Transpose(${tag}c)`, { perm: [0, 2, 1, 3] }], `${tag}c2 = Reshape(${tag}c1, merge)`, `${tag}a = MatMul(${tag}c2, w)`,
  ];
  const mlp = (input: string, tag: string): Line[] => [`${tag}u = MatMul(${input}, w)`, `${tag}r = Relu(${tag}u)`, `${tag}d = MatMul(${tag}r, w)`];
  const anatomy = (lines: readonly Line[]): Anatomy =>
    dissect(graphOf({ inputs: { ids: ["int64", "batch", "token"] }, constants: { words: ones(11, 8), w: ones(8, 8), gain: ones(8), shift: ones(8), split: int64([0, 0, 2, 4]), merge: int64([0, 0, 8]) }, lines: ["x = Gather(words, ids)", ...lines], outputs: ["logits"] }));
  const preNorm = (input: string, tag: string): Line[] => [NORM(input, `${tag}n`), ...block(`${tag}n`, tag), `${tag}x = Add(${input}, ${tag}a)`, NORM(`${tag}x`, `${tag}m`), ...mlp(`${tag}m`, tag), `${tag}y = Add(${tag}x, ${tag}d)`];
  const postNorm = (input: string, tag: string): Line[] => [...block(input, tag), `${tag}x = Add(${tag}a, ${input})`, NORM(`${tag}x`, `${tag}n`), ...mlp(`${tag}n`, tag), `${tag}z = Add(${tag}d, ${tag}n)`, NORM(`${tag}z`, `${tag}y`)];

  for (const layers of [1, 2]) {
    it(`${layers} pre-norm: the Add after the MLP, before the final norm`, () => {
      const lines = layers === 1 ? [...preNorm("x", "A"), NORM("Ay", "f"), "logits = MatMul(f, w)"] : [...preNorm("x", "A"), ...preNorm("Ay", "B"), NORM("By", "f"), "logits = MatMul(f, w)"];
      expect(anatomy(lines).residual).to.deep.equal(["Ay", "By"].slice(0, layers).map((value, layer) => ({ layer, value, node: value, normalized: false, part: "self" })));
    });
    it(`${layers} post-norm: the norm after the MLP, before the head`, () => {
      const head: Line[] = ["h = MatMul(t, w)", "h1 = Tanh(h)", "logits = MatMul(h1, w)"];
      const lines = layers === 1 ? [...postNorm("x", "A"), "t = Identity(Ay)", ...head] : [...postNorm("x", "A"), ...postNorm("Ay", "B"), "t = Identity(By)", ...head];
      expect(anatomy(lines).residual).to.deep.equal(["Ay", "By"].slice(0, layers).map((value, layer) => ({ layer, value, node: value, normalized: true, part: "self" })));
    });
  }
  it("attention and MLP side by side", () => {
    const lines: Line[] = [NORM("x", "n"), ...block("n", "A"), ...mlp("n", "A"), "both = Add(Aa, Ad)", "y = Add(both, x)", NORM("y", "f"), "logits = MatMul(f, w)"];
    expect(anatomy(lines).residual).to.deep.equal([{ layer: 0, value: "y", node: "y", normalized: false, part: "self" }]);
  });
  it("a fused norm hands on the sum", () => {
    const lines: Line[] = [NORM("x", "n"), ...block("n", "A"), "m, , , sum1 = com.microsoft.SkipLayerNormalization(x, Aa, gain, shift)", ...mlp("m", "A"),
      "n2, , , sum2 = com.microsoft.SkipLayerNormalization(sum1, Ad, gain, shift)", ...block("n2", "B"), "m2, , , sum3 = com.microsoft.SkipLayerNormalization(sum2, Ba, gain, shift)", ...mlp("m2", "B"),
      "f = com.microsoft.SkipLayerNormalization(sum3, Bd, gain, shift)", "logits = MatMul(f, w)"];
    expect(anatomy(lines).residual).to.deep.equal([{ layer: 0, value: "sum2", node: "n2", normalized: false, part: "self" }, { layer: 1, value: "f", node: "f", normalized: true, part: "self" }]);
  });
  it("an activation with an Add in the head is no skip", () => {
    const head: Line[] = ["h = MatMul(t, w)", "h1 = Mul(h, h)", "h2 = Add(h, h1)", "logits = MatMul(h2, w)"];
    expect(anatomy([...preNorm("x", "A"), "t = Identity(Ay)", ...head]).residual.map(({ value }) => value)).to.deep.equal(["Ay"]);
  });
  it("no skip connection: says so", () => {
    const { residual, missing } = anatomy([...block("x", "A"), "logits = MatMul(Aa, w)"]);
    expect(residual).to.deep.equal([]);
    expect(missing).to.deep.equal([{ what: "residual", node: "Ap", reason: "no skip connection joins after attention 0: some path goes around every value there" }]);
  });
});

describe("summary", () => {
  it("puts an anatomy into plain lines", () => {
    const anatomy = attend({ constants: { half: scalar(0.5) }, lines: ["s = MatMul(q, kt)", "t = Mul(s, half)", ["p = Softmax(t)", last]] });
    expect(summarize(anatomy)).to.deep.equal([
      'word embeddings: 11 × 8, looked up by "input_ids" (value "x")',
      "attention: 1 layer, no causal mask in the graph",
      "  layer 0: 2 heads of 4, scale 0.5, nothing added",
      "residual stream: after 1 block",
      'logits: "logits", one row a token',
    ]);
  });
});
