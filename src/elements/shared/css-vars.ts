/**
 * `<div ${cssVars({ "--w": "40%" })}>` sets style properties through the object model. Not `styleMap` and not a style attribute: a
 * strict `style-src 'self'` forbids both.
 */
import { nothing } from "lit";
import { directive, Directive, type ElementPart } from "lit/directive.js";

class CssVars extends Directive {
  override render(_properties: Readonly<Record<string, string>>): unknown {
    return nothing;
  }

  override update({ element }: ElementPart, [properties]: [Readonly<Record<string, string>>]): unknown {
    for (const [name, value] of Object.entries(properties)) (element as HTMLElement).style.setProperty(name, value);
    return nothing;
  }
}

export const cssVars = directive(CssVars);
