/** Of the line below a heat map: what is said, buttons, legend. Adopted with the hand. */
import { css } from "lit";

export const handStyles = css`
  canvas { cursor: crosshair; }
  canvas[data-zoomed] { touch-action: none; cursor: grab; }
  .readout { display: flex; margin-block-start: 0; flex-wrap: wrap; gap: 0.2em 1em; font-variant-numeric: tabular-nums; }
  .said { flex: 1; min-inline-size: 8em; overflow-wrap: anywhere; }
  .zoom button { min-inline-size: 1.8em; border: 0; }
  .legend { display: inline-flex; margin-inline-start: var(--start); align-items: center; gap: 0.4em; }
  .ramp {
    inline-size: 5em; block-size: 0.6em; background-image: var(--ramp); forced-color-adjust: none; print-color-adjust: exact;
    outline: 1px solid color-mix(in srgb, currentColor 25%, transparent);
  }
  @media (hover: none) { .zoom button { min-inline-size: 2.6em; min-block-size: 2.6em; } }
  @media print { .zoom, .hint { display: none; } }
`;
