/** Which examples are drawn alike: by prediction, by error, by label, or by a column of the corpus. */
import type { ExampleMapExplanation, MappedExample } from "../../explanation/types.js";
import { label as short } from "../shared/tokens.js";
import type { MapWords } from "./map-words.js";

export interface Group {
  readonly name: string;
  /** positions in `examples` */
  readonly members: readonly number[];
  /** which colour and shape; −1: the ink's, for what has no value */
  readonly look: number;
}

/** Of labels, which may be as many as there are rows, the most frequent are told apart. */
const MOST_GROUPS = 12;
const ALWAYS = ["prediction", "error", "label"] as const;

/** What `color` may be. */
export const colorings = ({ slices }: ExampleMapExplanation): readonly string[] => [...ALWAYS, ...Object.keys(slices)];

/** Labelled otherwise than predicted. */
export const isWrong = ({ label, labelled, predicted }: MappedExample): boolean => label !== null && labelled !== predicted;

/** Groups that have members; what has no value comes last. Labels are in the model's order, so that they look the same when the colouring changes. */
export function groupsOf(explanation: ExampleMapExplanation, color: string, words: MapWords): readonly Group[] {
  const { examples, slices, model } = explanation;
  const given = (): Group[] => {
    const known = new Map(model.labels.map((name) => [name, [] as number[]]));
    examples.forEach(({ label, labelled }, position) => {
      if (label === null) return;
      const name = model.labels[labelled] ?? label;
      known.set(name, [...(known.get(name) ?? []), position]);
    });
    const most = [...known].sort((a, b) => b[1].length - a[1].length).slice(0, MOST_GROUPS);
    return [...known].filter((entry) => most.includes(entry)).map(([name, members], look) => ({ name, members, look }));
  };
  const byIndex = (names: readonly string[], of: (example: MappedExample, position: number) => number): Group[] => {
    const members: number[][] = names.map(() => []);
    examples.forEach((example, position) => members[of(example, position)]?.push(position));
    return names.map((name, look) => ({ name, members: members[look]!, look }));
  };
  const ways: Readonly<Record<string, () => Group[]>> = {
    prediction: () => byIndex(model.labels, ({ predicted }) => predicted),
    error: () => byIndex([words.right, words.wrong], (example) => (example.label === null ? -1 : Number(isWrong(example)))),
    label: given,
  };
  const slice = slices[color];
  const groups = Object.hasOwn(ways, color) ? ways[color]!() : slice ? byIndex(slice.values, (_, position) => slice.of[position]!) : [];
  const placed = new Set(groups.flatMap(({ members }) => members));
  const rest = examples.flatMap((_, position) => (placed.has(position) ? [] : [position]));
  const none = { name: color === "error" || (color === "label" && rest.every((position) => examples[position]!.label === null)) ? words.unlabelled : words.other, members: rest, look: -1 };
  return [...groups, none].filter(({ members }) => members.length > 0).map((group) => ({ ...group, name: short(group.name, 32) }));
}
