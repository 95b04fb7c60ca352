import { css } from "lit";

export const heatMapStyles = css`
canvas{display:block;inline-size:100%;touch-action:pan-x pan-y;cursor:crosshair}
canvas[data-zoomed]{touch-action:none;cursor:grab}
.readout{display:flex;flex-wrap:wrap;gap:.2em 1em;min-block-size:1.5em;margin-block-start:.2em;font-variant-numeric:tabular-nums}
.said{flex:1;min-inline-size:8em;overflow-wrap:anywhere}
.zoom button{min-inline-size:1.8em;border:0}
.legend{display:inline-flex;align-items:center;gap:.4em}
.ramp{inline-size:5em;block-size:.6em;forced-color-adjust:none;print-color-adjust:exact;outline:1px solid color-mix(in srgb,currentColor 25%,transparent)}
@media (hover:none){.zoom button{min-inline-size:2.6em;min-block-size:2.6em}}
@media print{.zoom,.hint{display:none}}
`;
