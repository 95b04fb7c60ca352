import { css } from "lit";

export const corpusStyles = css`
  .chooser { margin-block-start: 0.4em; position: relative; display: inline-block; font-size: 0.85em; line-height: 1.5; opacity: 0.85; cursor: pointer; border-block-end: 1px dotted; }
  .chooser input { position: absolute; inset: 0; inline-size: 100%; opacity: 0; cursor: pointer; }
  .chooser:hover { border-block-end-style: solid; }
  .chooser:focus-within { outline: 2px solid; outline-offset: 2px; }
  .chooser[data-over] { outline: 2px dashed; opacity: 1; }
  .corpus { font-size: 0.85em; line-height: 1.5; opacity: 0.85; margin-block: 0.4em 0; overflow-wrap: anywhere; }
  @media print { .chooser { display: none; } }
`;
