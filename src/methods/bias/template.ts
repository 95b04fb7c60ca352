/**
 * Templates of texts: `{The man|The woman} is a {doctor|nurse}.` Each pair of braces is a slot with its fillings; a filling may be empty. Slots with
 * one name, `{who=he|she} … {who=his|her}`, are filled together. `\{`, `\|`, `\}`, `\=` and `\\` stand for themselves. Not a template language.
 */
import { LexiscopeError } from "../../base/errors.js";

export interface Slot {
  /** "" where it has none */
  readonly name: string;
  readonly fillings: readonly string[];
}

export interface Template {
  /** literal text and slots in turn: parts[0] slot 0 parts[1] slot 1 …; one more than slots */
  readonly parts: readonly string[];
  readonly slots: readonly Slot[];
}

export interface Filled {
  readonly text: string;
  /** the filling chosen, one an independent slot (`independentSlots`) */
  readonly choice: readonly number[];
  /** where each slot's filling stands in the text, one a slot, UTF-16 units, [start, end) */
  readonly spans: readonly (readonly [number, number])[];
}

const bad = (template: string, why: string): LexiscopeError => new LexiscopeError("bad-input", `template "${template.length > 60 ? `${template.slice(0, 60)}…` : template}": ${why}`, { phase: "request" });

/** Throws `bad-input`, naming what is wrong and where. */
export function parseTemplate(template: string): Template {
  const parts: string[] = [];
  const slots: Slot[] = [];
  let open: { at: number; name: string; fillings: string[] } | null = null;
  let text = "";
  for (let at = 0; at < template.length; at++) {
    const character = template[at]!;
    if (character === "\\" && "{|}=\\".includes(template[at + 1] ?? " ")) text += template[++at]!;
    else if (character === "{") {
      if (open) throw bad(template, `a second { at ${at} before the slot that begins at ${open.at} is closed; write \\{ for a brace`);
      parts.push(text);
      [open, text] = [{ at, name: "", fillings: [] }, ""];
    } else if (open && character === "=" && open.fillings.length === 0 && open.name === "" && /^\s*[\p{L}_][\p{L}\p{N}_-]*\s*$/u.test(text)) {
      [open.name, text] = [text.trim(), ""];
    } else if (open && character === "|") {
      open.fillings.push(text);
      text = "";
    } else if (character === "}") {
      if (!open) throw bad(template, `a } at ${at} without a {; write \\} for a brace`);
      open.fillings.push(text);
      const { name, fillings } = open;
      if (fillings.every((filling) => filling === "")) throw bad(template, `the slot at ${open.at} is empty; write its fillings as {one|two}`);
      slots.push({ name, fillings });
      [open, text] = [null, ""];
    } else text += character;
  }
  if (open) throw bad(template, `the slot that begins at ${open.at} is not closed`);
  parts.push(text);
  for (const { name, fillings } of slots) {
    const first = slots.find((slot) => slot.name === name)!;
    if (name !== "" && first.fillings.length !== fillings.length) throw bad(template, `slots named ${name} are filled together and need equally many fillings, not ${first.fillings.length} and ${fillings.length}`);
  }
  return { parts, slots };
}

/** The first slot of each name, and every slot without one: what can be chosen. → positions among the slots */
export function independentSlots({ slots }: Template): number[] {
  return slots.flatMap(({ name }, index) => (name === "" || slots.findIndex((slot) => slot.name === name) === index ? [index] : []));
}

/**
 * Every text of the template, the last slot changing fastest. Throws `bad-input` when there are more than `most`, before it makes them.
 */
export function fillTemplate(template: Template, most = 256): Filled[] {
  const { parts, slots } = template;
  const free = independentSlots(template);
  const count = free.reduce((product, slot) => product * slots[slot]!.fillings.length, 1);
  if (count > most) throw new LexiscopeError("bad-input", `the template has ${count} fillings, more than ${most}; leave some out, or allow more by max-fillings`, { phase: "request" });
  const chosenBy = slots.map(({ name }, index) => free.findIndex((slot) => slot === index || (name !== "" && slots[slot]!.name === name)));
  return Array.from({ length: count }, (_, index) => {
    const choice = new Array<number>(free.length);
    let rest = index;
    for (let place = free.length - 1; place >= 0; place--) {
      const { length } = slots[free[place]!]!.fillings;
      choice[place] = rest % length;
      rest = Math.floor(rest / length);
    }
    let text = parts[0]!;
    const spans = slots.map(({ fillings }, slot): [number, number] => {
      const start = text.length;
      text += fillings[choice[chosenBy[slot]!]!]!;
      const end = text.length;
      text += parts[slot + 1]!;
      return [start, end];
    });
    return { text, choice, spans };
  });
}
