/**
 * A model's main graph, to be asked and to be rewritten: who makes a value, who reads it, what is known of its type, shape and
 * content; new nodes, constants, inputs and outputs. Not an executor. The decoded model it is made from is not changed.
 */
import { LexiscopeError } from "../base/errors.js";
import { type AttributeLiterals, node as makeNode } from "../onnx/attributes.js";
import { sparseInitializerNames } from "../onnx/decode.js";
import { tensorData, tensorProto } from "../onnx/tensor-data.js";
import type { Dim, GraphProto, Model, Node, TensorProto, ValueInfo } from "../onnx/types.js";
import type { DType, Tensor } from "../tensor/tensor.js";
import { inferNode } from "./infer-node.js";
import { nodeLabel, topologicalOrder } from "./order.js";
import { capturedBy, namesInside, readsOf, renameCaptured } from "./subgraphs.js";
import { declaredFacts, valueInfo } from "./value-info.js";
import { type Facts, StoredFacts, maxItems, tensorOfItems } from "./view.js";

export interface EmitOptions {
  /** bare numbers are integers; floats are written { float: x } */
  readonly attributes?: AttributeLiterals;
  /** how many outputs, or their names; one by default */
  readonly outputs?: number | readonly string[];
  /** "" is ai.onnx; other domains are imported as version 1 where the model does not */
  readonly domain?: string;
  /** of the node; by default that of its first output */
  readonly name?: string;
}

/** Constants of at most this many bytes are stored once. */
const sharedBytes = 1024;

export class Graph {
  private list: Node[];
  private ordered = true;
  private readonly producers = new Map<string, Node>();
  private readonly readers = new Map<string, Set<Node>>();
  private readonly stored: Map<string, TensorProto>;
  private readonly inputs: ValueInfo[];
  private readonly inputNames: Set<string>;
  private readonly outputs: ValueInfo[];
  private readonly facts = new Map<string, Facts>();
  private readonly tensors = new Map<string, Tensor>();
  private readonly declared: Map<string, ValueInfo>;
  private readonly names = new Set<string>();
  private readonly shared = new Map<string, string>();
  private readonly sparse: ReadonlySet<string>;
  private counter = 0;

  /**
   * Reads a model's main graph.
   * @throws bad-model for a cycle, a value that nothing makes, or two nodes that make one value; names the node
   */
  static of(model: Model): Graph {
    return new Graph(model);
  }

  private constructor(readonly model: Model) {
    const { graph } = model;
    // Some exporters write one constant several times, as initializers and Constant nodes. As in the runtime, the last one counts.
    const makers = new Map(graph.nodes.flatMap((node) => (node.opType === "Constant" ? [[node.outputs[0] ?? "", node]] : [])));
    const nodes = graph.nodes.filter((node) => node.opType !== "Constant" || makers.get(node.outputs[0] ?? "") === node);
    this.list = nodes.map((node) => ({ ...node, inputs: [...node.inputs], outputs: [...node.outputs] }));
    const made = new Set(makers.keys());
    this.stored = new Map(graph.initializers.filter(({ name }) => !made.has(name)).map((tensor) => [tensor.name, tensor]));
    this.inputs = [...graph.inputs];
    this.inputNames = new Set(this.inputs.map(({ name }) => name));
    this.outputs = [...graph.outputs];
    this.declared = new Map([...graph.valueInfo, ...graph.outputs, ...graph.inputs].map((info) => [info.name, info]));
    this.sparse = new Set(sparseInitializerNames(graph));
    for (const name of [...this.stored.keys(), ...this.declared.keys(), ...this.sparse]) this.names.add(name);
    for (const info of this.inputs) this.facts.set(info.name, declaredFacts(info));
    for (const [name, tensor] of this.stored) this.facts.set(name, new StoredFacts(tensor));
    for (const node of this.list) this.register(node);
    for (const node of this.list) this.requireValues(node);
    for (const { name } of this.outputs) if (!this.has(name)) throw new LexiscopeError("bad-model", `nothing makes the graph output "${name}"`, { phase: "model" });
    this.sort();
    for (const node of this.list) this.infer(node);
  }

  /** Version of the default operator set (ai.onnx). */
  get opset(): number {
    return this.model.opsets.get("") ?? 1;
  }

  /** Declares a later version of the standard operators. Whoever asks knows that no node of the file means something else in it. */
  raiseOpset(version: number): void {
    this.model.opsets.set("", Math.max(this.opset, version));
  }

  /** In topological order. */
  get nodes(): readonly Node[] {
    if (!this.ordered) this.sort();
    return this.list;
  }

  get graphInputs(): readonly ValueInfo[] {
    return this.inputs;
  }

  get graphOutputs(): readonly ValueInfo[] {
    return this.outputs;
  }

  /** Whether the main graph has this value. */
  has(value: string): boolean {
    return this.producers.has(value) || this.stored.has(value) || this.sparse.has(value) || this.inputNames.has(value);
  }

  producer(value: string): Node | undefined {
    return this.producers.get(value);
  }

  /** Nodes that read a value; for a use inside a branch or loop, the If or Loop of the main graph. */
  consumers(value: string): readonly Node[] {
    return [...(this.readers.get(value) ?? [])];
  }

  initializer(value: string): TensorProto | undefined {
    return this.stored.get(value);
  }

  isOutput(value: string): boolean {
    return this.outputs.some((output) => output.name === value);
  }

  /**
   * A value that is known without running: an initializer (of any size, unless external), a Constant, or a fold of at most
   * 4096 elements of such. Large ones are views of the file where its bytes are aligned, else a new copy at every call.
   * @throws bad-model when the bytes of a stored tensor do not fill its shape
   */
  constant(value: string): Tensor | undefined {
    const known = this.tensors.get(value);
    if (known) return known;
    const proto = this.storedTensor(value);
    const tensor = proto ? (proto.raw && proto.dtype !== "string" && proto.dtype !== "complex" && proto.dtype !== "undefined" ? tensorData(proto) : undefined) : tensorOfItems(this.facts.get(value) ?? {});
    if (tensor && tensor.data.length <= maxItems) this.tensors.set(value, tensor);
    return tensor;
  }

  /** The stored tensor behind a value: an initializer, or the value of a Constant node, seen through Identity. */
  private storedTensor(value: string): TensorProto | undefined {
    for (let at = value, steps = 0; steps < 64; steps++) {
      const stored = this.stored.get(at);
      if (stored) return stored;
      const node = this.producers.get(at);
      if (node?.domain !== "") return undefined;
      const attribute = node.opType === "Constant" ? node.attributes.get("value") : undefined;
      if (attribute?.type === "tensor") return attribute.value;
      if (node.opType !== "Identity" || node.inputs[0] === undefined) return undefined;
      at = node.inputs[0];
    }
    return undefined;
  }

  /** The one element of a constant, as a number. */
  scalar(value: string): number | undefined {
    const items = this.facts.get(value)?.items;
    return items?.length === 1 && typeof items[0] === "number" ? items[0] : undefined;
  }

  /** Elements of a small integer value as far as they are known: numbers, names of dimensions, null. */
  elements(value: string): readonly Dim[] | undefined {
    return this.facts.get(value)?.items;
  }

  dtype(value: string): DType | undefined {
    return this.facts.get(value)?.dtype;
  }

  /** Numbers, names of dimensions, and null for what is not known. */
  shape(value: string): readonly Dim[] | undefined {
    return this.facts.get(value)?.shape;
  }

  rank(value: string): number | undefined {
    return this.shape(value)?.length;
  }

  /** A value name that is not used anywhere in the model: "lexi_<base>_<number>". */
  fresh(base: string): string {
    const stem = base.startsWith("lexi_") ? base : `lexi_${base}`;
    let name: string;
    do name = `${stem}_${this.counter++}`;
    while (this.names.has(name));
    this.names.add(name);
    return name;
  }

  /**
   * Adds a node at the end (or to the section that is being made) and returns the names of its outputs.
   * @throws bad-input when an input does not exist or an output already does
   */
  emit(opType: string, inputs: readonly string[], options: EmitOptions = {}): string[] {
    const { attributes = {}, domain = "", outputs = 1 } = options;
    const names = typeof outputs === "number" ? Array.from({ length: outputs }, () => this.fresh(opType.toLowerCase())) : [...outputs];
    const node = makeNode(opType, inputs, names, attributes, domain, options.name ?? names[0]);
    for (const name of [...inputs, ...capturedBy(node)]) {
      if (name !== "" && !this.has(name)) throw new LexiscopeError("bad-input", `cannot emit ${opType}: there is no value "${name}"`, { node: node.name });
    }
    for (const name of names) if (name !== "" && this.has(name)) throw new LexiscopeError("bad-input", `cannot emit ${opType}: the value "${name}" exists already`, { node: node.name });
    if (names.some((name) => this.readers.has(name))) this.ordered = false;
    this.list.push(node);
    this.register(node);
    this.infer(node);
    return names;
  }

  /** Adds an initializer; an equal one of at most 1 kB is used again. */
  emitConstant(tensor: Tensor, base = "constant"): string {
    const { dtype, shape, data } = tensor;
    const key = data.byteLength <= sharedBytes ? `${dtype}[${shape.join()}]${new Uint8Array(data.buffer, data.byteOffset, data.byteLength).join()}` : undefined;
    const known = key && this.shared.get(key);
    if (known && this.stored.has(known)) return known;
    const name = this.fresh(base);
    const proto = tensorProto(name, tensor);
    this.stored.set(name, proto);
    this.facts.set(name, new StoredFacts(proto));
    if (key) this.shared.set(key, name);
    return name;
  }

  addInput(name: string, dtype: DType, dims: readonly Dim[]): void {
    if (this.has(name)) throw new LexiscopeError("bad-input", `cannot add input "${name}": the value exists already`);
    const info = valueInfo(name, dtype, dims);
    this.inputs.push(info);
    this.inputNames.add(name);
    this.names.add(name);
    this.facts.set(name, declaredFacts(info));
  }

  /** Makes a value an output; without a dtype the runtime infers its type. Does nothing for what is an output already. */
  addOutput(name: string, dtype?: DType, dims?: readonly Dim[]): void {
    if (!this.has(name)) throw new LexiscopeError("bad-input", `cannot add output "${name}": there is no such value`);
    if (!this.isOutput(name)) this.outputs.push(dtype ? valueInfo(name, dtype, dims) : { name, type: null, unknown: [] });
  }

  /** Makes a value no output any more; what makes it stays. */
  removeOutput(name: string): void {
    const index = this.outputs.findIndex((output) => output.name === name);
    if (index !== -1) this.outputs.splice(index, 1);
  }

  /** Renames a value everywhere: where it is made, read, declared, an input or an output. */
  rename(from: string, to: string): void {
    if (from === to) return;
    if (!this.has(from) || this.has(to)) throw new LexiscopeError("bad-input", this.has(from) ? `cannot rename "${from}" to "${to}": that exists already` : `cannot rename "${from}": there is no such value`);
    const producer = this.producers.get(from);
    if (producer) {
      producer.outputs = producer.outputs.map((name) => (name === from ? to : name));
      this.producers.delete(from);
      this.producers.set(to, producer);
    }
    move(this.facts, from, to, (facts) => facts);
    move(this.tensors, from, to, (tensor) => tensor);
    move(this.declared, from, to, (info) => ({ ...info, name: to }));
    move(this.stored, from, to, (tensor) => ({ ...tensor, name: to }));
    for (const list of [this.inputs, this.outputs]) list.forEach((info, index) => info.name === from && (list[index] = { ...info, name: to }));
    if (this.inputNames.delete(from)) this.inputNames.add(to);
    this.names.add(to);
    this.redirect(from, to, () => false);
  }

  /**
   * Makes the readers of `from` read `to` instead, inside branches and loops as well. Graph outputs keep their value.
   * @param except nodes that go on reading `from`
   */
  replaceUses(from: string, to: string, except: (node: Node) => boolean = () => false): void {
    if (!this.has(to)) throw new LexiscopeError("bad-input", `cannot replace "${from}" by "${to}": there is no such value`);
    if (from !== to) this.redirect(from, to, except);
    this.ordered = false;
  }

  private redirect(from: string, to: string, except: (node: Node) => boolean): void {
    for (const node of this.consumers(from)) {
      if (except(node)) continue;
      node.inputs = node.inputs.map((name) => (name === from ? to : name));
      if (capturedBy(node).has(from)) node.attributes = renameCaptured(node, from, to);
      this.readers.get(from)!.delete(node);
      this.addReader(to, node);
    }
    if (this.readers.get(from)?.size === 0) this.readers.delete(from);
  }

  /** Takes a node out. Its outputs are gone: emit others of the same names, or leave no reader of them. */
  remove(node: Node): void {
    this.list = this.list.filter((each) => each !== node);
    this.unregister(node);
  }

  /** Takes out nodes and initializers that no graph output needs. Graph inputs stay. */
  removeDeadNodes(): void {
    const live = new Set<Node>();
    const needed = new Set<string>();
    const open = this.outputs.map(({ name }) => name);
    while (open.length > 0) {
      const name = open.pop()!;
      if (needed.has(name)) continue;
      needed.add(name);
      const node = this.producers.get(name);
      if (!node || live.has(node)) continue;
      live.add(node);
      open.push(...readsOf(node));
    }
    for (const node of this.list) if (!live.has(node)) this.unregister(node);
    this.list = this.list.filter((node) => live.has(node));
    for (const name of [...this.stored.keys()]) {
      if (needed.has(name)) continue;
      this.stored.delete(name);
      this.tensors.delete(name);
    }
  }

  /**
   * Runs `build` and returns the nodes it emitted, taken out of the graph: the body of an If branch. Their types stay known,
   * so that the branch's outputs can be declared; nodes outside can no longer read them. While it runs, `nodes` are these.
   */
  section(build: () => void): Node[] {
    const outer = { list: this.list, ordered: this.ordered };
    this.list = [];
    this.ordered = true;
    try {
      build();
      return [...this.nodes];
    } finally {
      for (const node of this.list) this.unregister(node);
      this.list = outer.list;
      this.ordered = outer.ordered;
    }
  }

  /** Nodes of a section as a graph to be given to If; the outputs are declared with what is inferred of them. */
  branch(name: string, nodes: readonly Node[], outputs: readonly string[]): GraphProto {
    const declare = (output: string): ValueInfo => {
      const { dtype, shape } = this.facts.get(output) ?? {};
      return dtype ? valueInfo(output, dtype, shape) : { name: output, type: null, unknown: [] };
    };
    return { name, nodes: [...nodes], initializers: [], inputs: [], outputs: outputs.map(declare), valueInfo: [], unknown: [] };
  }

  /** The graph as a model: the same weights, nothing copied. */
  toModel(): Model {
    const { graph } = this.model;
    const nodes = [...this.nodes];
    const opsets = new Map(this.model.opsets);
    for (const { domain } of nodes) if (!opsets.has(domain)) opsets.set(domain, 1);
    const valueInfo = graph.valueInfo.flatMap(({ name }) => {
      const info = this.declared.get(name);
      return info && this.has(name) ? [info] : [];
    });
    return { ...this.model, opsets, graph: { ...graph, nodes, initializers: [...this.stored.values()], inputs: [...this.inputs], outputs: [...this.outputs], valueInfo } };
  }

  private sort(): void {
    const members = new Set(this.list);
    this.list = topologicalOrder(this.list, readsOf, (value) => {
      const node = this.producers.get(value);
      return node && members.has(node) ? node : undefined;
    });
    this.ordered = true;
  }

  private addReader(value: string, node: Node): void {
    const readers = this.readers.get(value);
    if (readers) readers.add(node);
    else this.readers.set(value, new Set([node]));
  }

  private register(node: Node): void {
    for (const name of node.outputs) {
      if (name === "") continue;
      if (this.has(name)) throw new LexiscopeError("bad-model", `the value "${name}" is made twice, the second time by ${node.opType} (node "${nodeLabel(node)}")`, { phase: "model", node: nodeLabel(node) });
      this.producers.set(name, node);
      this.names.add(name);
    }
    for (const name of readsOf(node)) this.addReader(name, node);
    namesInside(node, this.names);
  }

  private unregister(node: Node): void {
    for (const name of node.outputs) if (this.producers.get(name) === node) this.producers.delete(name);
    for (const name of readsOf(node)) {
      const readers = this.readers.get(name);
      readers?.delete(node);
      if (readers?.size === 0) this.readers.delete(name);
    }
  }

  private requireValues(node: Node): void {
    for (const name of readsOf(node)) {
      if (!this.has(name)) throw new LexiscopeError("bad-model", `nothing makes the value "${name}", which ${node.opType} reads (node "${nodeLabel(node)}")`, { phase: "model", node: nodeLabel(node) });
    }
  }

  private infer(node: Node): void {
    const outputs = inferNode(node, this.model.opsets, (value) => this.facts.get(value), (value) => declaredFacts(this.declared.get(value)));
    node.outputs.forEach((name, index) => name !== "" && this.facts.set(name, outputs[index]!));
  }
}

function move<T>(map: Map<string, T>, from: string, to: string, change: (value: T) => T): void {
  const value = map.get(from);
  if (value === undefined) return;
  map.delete(from);
  map.set(to, change(value));
}
