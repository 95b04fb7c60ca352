import { css } from "lit";

export const exampleMapStyles = css`
  canvas { display: block; inline-size: 100%; touch-action: pan-y; cursor: crosshair; }
  .readout { min-block-size: 4.5em; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
`;
