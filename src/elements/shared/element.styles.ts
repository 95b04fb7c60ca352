/** What every element looks like around its picture: a line above, a line below, nothing else. */
import { css } from "lit";

export const elementStyles = css`
:host{display:block;min-inline-size:0}
:host([hidden]){display:none}
figure{margin:0;position:relative;transition:color 1ms}
figcaption{display:flex;align-items:baseline;gap:.5em;line-height:1.5;margin-block-end:.4em}
.title{flex:1;min-inline-size:0}
select,.quiet{font:inherit;color:inherit;background:none;border:0;border-block-end:1px dotted;border-radius:0;padding:0;cursor:pointer}
select{appearance:none;field-sizing:content;max-inline-size:100%;padding-inline:.15em}
select:hover,.quiet:hover{border-block-end-style:solid}
option{background:var(--paper);color:var(--ink)}
:focus-visible{outline:2px solid;outline-offset:2px}
.body{transition:opacity .15s}
[data-busy] .body{opacity:.4}
.note,.status,.readout{font-size:.85em;line-height:1.5;margin-block-start:.4em}
.note{opacity:.85}
.hidden{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (hover:none){select{padding-block:.3em}}
@media (prefers-reduced-motion:reduce){.body{transition:none}}
@media print{select{border:0}.body *{print-color-adjust:exact}}
`;
