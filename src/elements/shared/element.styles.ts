/** What every element looks like around its picture: a line above, a line below, nothing else. */
import { css } from "lit";

export const elementStyles = css`
:host{display:block;margin-block:var(--lexi-space,1em);min-inline-size:0}
:host([hidden]){display:none}
figure{margin:0;position:relative;transition:color 1ms}
figcaption{display:flex;align-items:baseline;gap:.5em;line-height:1.5;margin-block-end:.4em}
.title{flex:1;min-inline-size:0}
.note,.readout{font-size:.85em;line-height:1.5;margin-block-start:.4em}
.note{opacity:.85;min-block-size:1.5em}
`;
