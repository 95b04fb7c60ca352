/**
 * Node records of one tree, in any order → a checked `Tree` in preorder. A malformed tree (cycle, missing child, two parents, a node that
 * nothing leads to) is an error and never a loop. The one shape with two parents that converters write on purpose is understood: a set
 * membership as a chain of BRANCH_EQ on one feature, all leading to the same child when they pass; it becomes one BRANCH_MEMBER node, so
 * that the set is one split, as in the library that made it.
 */
import { LexiscopeError } from "../base/errors.js";
import type { NodeMode, Tree } from "./types.js";

export interface NodeRecord {
  readonly id: number;
  readonly mode: NodeMode;
  readonly feature: number;
  readonly threshold: number;
  readonly members?: ReadonlySet<number>;
  readonly missingPasses: boolean;
  readonly passed: number; // id of a child; ignored in leaves
  readonly failed: number;
  readonly cover: number | null;
  readonly weights: readonly { readonly target: number; readonly weight: number }[];
}

/** The walks over a tree recurse; no library makes trees near this depth. */
const MOST_LEVELS = 2048;

interface Step {
  readonly record: NodeRecord;
  readonly level: number;
  readonly parent: number; // place in the order, -1 for the root
  readonly side: "passed" | "failed";
}

interface Split {
  readonly failed: number;
  readonly members: ReadonlySet<number> | undefined;
  readonly missingPasses: boolean;
}

/**
 * @param label names the tree in errors, e.g. `tree 3`
 * @param records the first one is the root
 * @throws bad-model for a malformed tree, unsupported for one deeper than 2048 levels
 */
export function buildTree(label: string, records: readonly NodeRecord[], node: string): Tree {
  const fail = (message: string): never => {
    throw new LexiscopeError("bad-model", `${label} is malformed: ${message}; convert the model again`, { phase: "model", node });
  };
  const byId = new Map(records.map((record) => [record.id, record]));
  if (byId.size !== records.length) fail("two nodes have one id");
  const childOf = (record: NodeRecord, side: "passed" | "failed"): NodeRecord => byId.get(record[side]) ?? fail(`node ${record.id} leads to node ${record[side]}, which does not exist`);

  const seen = new Set<NodeRecord>();
  const visit = (record: NodeRecord): void => {
    if (seen.has(record)) fail(`two ways lead to node ${record.id}, or it is its own descendant`);
    seen.add(record);
  };
  /** Takes the further links of a chain of equalities into the set of its first. */
  const splitOf = (record: NodeRecord): Split => {
    if (record.mode !== "BRANCH_EQ") return { failed: record.failed, members: record.members, missingPasses: record.missingPasses };
    const members = new Set([record.threshold]);
    let last = record;
    let missingPasses = record.missingPasses;
    for (;;) {
      const next = childOf(last, "failed");
      if (next.mode !== "BRANCH_EQ" || next.feature !== record.feature || next.passed !== record.passed) break;
      visit(next);
      members.add(next.threshold);
      missingPasses ||= next.missingPasses;
      last = next;
    }
    return { failed: last.failed, members: last === record ? undefined : members, missingPasses };
  };

  const size = records.length;
  const order: NodeRecord[] = [];
  const modes: NodeMode[] = [];
  const members = new Map<number, ReadonlySet<number>>();
  const [missingPasses, passed, failed] = [new Uint8Array(size), new Int32Array(size), new Int32Array(size)];
  const root = records[0] ?? fail("it has no nodes");
  const stack: Step[] = [{ record: root, level: 0, parent: -1, side: "passed" }];
  for (let step = stack.pop(); step; step = stack.pop()) {
    const { record, level, parent, side } = step;
    if (level > MOST_LEVELS) throw new LexiscopeError("unsupported", `${label} is deeper than ${MOST_LEVELS} levels`, { phase: "model", node });
    visit(record);
    const place = order.push(record) - 1;
    if (parent >= 0) (side === "passed" ? passed : failed)[parent] = place;
    if (record.mode === "LEAF") {
      modes.push("LEAF");
      continue;
    }
    const split = splitOf(record);
    modes.push(split.members ? "BRANCH_MEMBER" : record.mode);
    if (split.members) members.set(place, split.members);
    missingPasses[place] = split.missingPasses ? 1 : 0;
    const failing = byId.get(split.failed) ?? fail(`node ${record.id} leads to node ${split.failed}, which does not exist`);
    stack.push({ record: failing, level: level + 1, parent: place, side: "failed" }, { record: childOf(record, "passed"), level: level + 1, parent: place, side: "passed" });
  }
  if (seen.size !== size) fail(`nothing leads to node ${records.find((record) => !seen.has(record))?.id} from its first node ${root.id}`);

  const count = order.length;
  const covers = order.map((record) => record.cover);
  return {
    mode: modes,
    feature: Int32Array.from(order, (record) => record.feature),
    threshold: Float64Array.from(order, (record) => record.threshold),
    members,
    missingPasses: missingPasses.slice(0, count),
    passed: passed.slice(0, count),
    failed: failed.slice(0, count),
    cover: covers.every((cover) => cover !== null) ? Float64Array.from(covers) : null,
    ...leavesOf(order, fail),
  };
}

function leavesOf(order: readonly NodeRecord[], fail: (message: string) => never): Pick<Tree, "targets" | "leafStart" | "leafSlot" | "leafWeight"> {
  const leaves = order.map((record) => (record.mode === "LEAF" ? record.weights : [])); // a weight of a node that is no leaf counts for nothing, as in the runtime
  leaves.forEach((weights, place) => {
    if (new Set(weights.map(({ target }) => target)).size !== weights.length) fail(`leaf ${order[place]?.id} has two weights for one target`);
  });
  const targets = [...new Set(leaves.flatMap((weights) => weights.map(({ target }) => target)))].sort((a, b) => a - b);
  const slots = new Map(targets.map((target, slot) => [target, slot]));
  const leafStart = new Int32Array(order.length + 1);
  leaves.forEach((weights, place) => (leafStart[place + 1] = (leafStart[place] as number) + weights.length));
  const entries = leaves.flat();
  return {
    targets: Int32Array.from(targets),
    leafStart,
    leafSlot: Int32Array.from(entries, ({ target }) => slots.get(target) as number),
    leafWeight: Float64Array.from(entries, ({ weight }) => weight),
  };
}
