import { css } from "lit";

export const attentionLinesStyles = css`
  .scroller { overflow: auto hidden; max-inline-size: 100%; }
  .scroller[data-vertical] { overflow: hidden auto; }
  canvas { display: block; position: sticky; inset-block-start: 0; inset-inline-start: 0; cursor: pointer; touch-action: pan-x pan-y; }
  canvas:focus-visible { outline-offset: -2px; }
  .readout { min-block-size: 3em; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
`;
