/** What a bias probe compares: groups, contexts, and the text of each group in each context. From a template or from written pairs. Runs no model. */
import { LexiscopeError } from "../../base/errors.js";
import { differingWords } from "./differing-words.js";
import { fillTemplate, independentSlots, parseTemplate } from "./template.js";

export interface BiasCell {
  readonly group: number;
  readonly context: number;
  readonly text: string;
  /** what differs between the groups, [start, end) */
  readonly own: readonly (readonly [number, number])[];
}

export interface BiasDesign {
  readonly groups: readonly string[];
  readonly contexts: readonly string[];
  /** context by context, the groups in order */
  readonly cells: readonly BiasCell[];
}

export const MOST_FILLINGS = 256;

const bad = (message: string): LexiscopeError => new LexiscopeError("bad-input", message, { phase: "request" });

/** `slot`: which slot's fillings are the groups: its number among those that are chosen freely, from 1, or its name; the first with two fillings or more when not given. */
export function designOfTemplate(written: string, slot: string | number | null = null, most = MOST_FILLINGS): BiasDesign {
  const template = parseTemplate(written);
  const free = independentSlots(template);
  const fillings = (place: number) => template.slots[free[place]!]!.fillings;
  if (free.length === 0) throw bad(`template "${written.slice(0, 60)}": it has no slot; write one as {The man|The woman}`);
  const named = free.findIndex((index) => template.slots[index]!.name !== "" && template.slots[index]!.name === slot);
  const place = slot === null ? free.findIndex((_, index) => fillings(index).length > 1) : named >= 0 ? named : /^\d+$/.test(String(slot)) ? Number(slot) - 1 : -1;
  if (slot !== null && free[place] === undefined) throw bad(`no slot "${slot}" in the template: it has ${free.map((index, at) => template.slots[index]!.name || String(at + 1)).join(", ")}`);
  if (place < 0 || fillings(place).length < 2) throw bad(`template "${written.slice(0, 60)}": the slot that is compared has one filling; write two or more, as in {he|she}`);
  const owns = template.slots.flatMap(({ name }, index) => (index === free[place] || (name !== "" && name === template.slots[free[place]!]!.name) ? [index] : []));
  const contexts: string[] = [];
  const keys: string[] = [];
  const cells = fillTemplate(template, most).map(({ text, choice, spans }): BiasCell => {
    const others = choice.flatMap((chosen, at) => (at === place ? [] : [fillings(at)[chosen]!]));
    const key = JSON.stringify(choice.filter((_, at) => at !== place));
    if (!keys.includes(key)) {
      keys.push(key);
      contexts.push(others.join(" · "));
    }
    return { group: choice[place]!, context: keys.indexOf(key), text, own: owns.map((index) => spans[index]!).filter(([start, end]) => end > start) };
  });
  cells.sort((a, b) => a.context - b.context || a.group - b.group);
  const empty = cells.find(({ text }) => text.trim() === "");
  if (empty) throw bad("a filling of the template leaves no text at all");
  return { groups: fillings(place), contexts, cells };
}

/** Lists of versions of one text, equally many in each; or `{"groups": […], "pairs": [[…], …]}`. Throws `bad-input`, naming the row. */
export function designOfPairs(value: unknown, most = MOST_FILLINGS): BiasDesign {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const { groups: names, pairs: rows } = isObject ? (value as { groups?: unknown; pairs?: unknown }) : { groups: undefined, pairs: value };
  if (!Array.isArray(rows) || rows.length === 0) throw bad('pairs must be a list of lists of texts, as in [["He is late.", "She is late."]], or {"groups": […], "pairs": […]}');
  const width = Array.isArray(rows[0]) ? rows[0].length : 0;
  if (width < 2) throw bad("pairs: the first row must be a list of two texts or more");
  const texts = rows.map((row: unknown, index): string[] => {
    if (!Array.isArray(row) || row.length !== width || !row.every((text) => typeof text === "string" && text.trim() !== "")) throw bad(`pairs: row ${index + 1} must be a list of ${width} texts that are not empty`);
    return row as string[];
  });
  if (texts.length * width > most) throw bad(`pairs hold ${texts.length * width} texts, more than ${most}; leave some out, or allow more by max-fillings`);
  if (names !== undefined && !(Array.isArray(names) && names.length === width && names.every((name) => typeof name === "string"))) throw bad(`pairs: groups must be ${width} names, as many as a row has texts`);
  const groups = (names) ?? texts[0]!.map((_, index) => String.fromCharCode(65 + (index % 26)));
  const cells = texts.flatMap((row, context) => {
    const own = differingWords(row);
    return row.map((text, group): BiasCell => ({ group, context, text, own: own[group]! }));
  });
  return { groups, contexts: texts.map(([first]) => first!), cells };
}
