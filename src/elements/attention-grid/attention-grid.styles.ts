import { css } from "lit";

export const attentionGridStyles = css`
  canvas { display: block; inline-size: 100%; touch-action: pan-x pan-y; cursor: pointer; }
  .readout { min-block-size: 3em; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
`;
