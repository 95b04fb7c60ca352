import { css } from "lit";

export const formulaStyles = css`
.formula{font-family:math,serif;font-size:1.15em;margin-block:.2em .5em;direction:ltr;text-align:start}
.scroll{overflow-x:auto}
.steps{border-collapse:collapse;font-variant-numeric:tabular-nums;inline-size:100%}
.steps th{font-weight:normal;color:color-mix(in srgb,currentColor 75%,transparent);text-align:end;padding-inline:.5em;white-space:nowrap}
.steps td{text-align:end;padding:.1em .5em;white-space:nowrap}
.steps th:first-child,.steps td:first-child{text-align:start;padding-inline-start:0}
.steps button{font:inherit;color:inherit;background:none;border:0;padding:0 .2em;cursor:pointer;text-align:start}
.steps button[aria-pressed=true]{font-weight:bold;text-decoration:underline}
.steps tr[data-marked] td{box-shadow:inset 0 1px currentColor,inset 0 -1px currentColor}
.steps tr[data-masked]{opacity:.7}
.bar{display:inline-block;block-size:.7em;inline-size:calc(6em*var(--share));background:currentColor;opacity:.55}
.steps :is(th:nth-last-child(2),.weight){text-align:start}
.steps :is(th,td):first-child{position:sticky;inset-inline-start:0;background:var(--paper)}
.share{display:inline-block;min-inline-size:3.4em}
@media (max-width:30em){.steps :is(th,td){padding-inline:.2em}.bar{inline-size:calc(2em*var(--share))}}
@media (forced-colors:active){.bar{background:CanvasText}}
@media (hover:none){.steps button{padding-block:.4em}}
.sum,.hint{margin-block:.5em 0}
.hint{opacity:.75;font-size:.9em}
.numbers{font-variant-numeric:tabular-nums}
`;
