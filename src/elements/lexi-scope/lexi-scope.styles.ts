import { css } from "lit";

export const lexiScopeStyles = css`
  :host { display: block; }
  :host([hidden]) { display: none; }
  label { display: block; margin-block-end: 0.8em; }
  .label { display: block; font-size: 0.85em; line-height: 1.5; opacity: 0.85; }
  textarea {
    display: block; box-sizing: border-box; inline-size: 100%; font: inherit; color: inherit; line-height: 1.5; background: none; resize: none; overflow: hidden; field-sizing: content;
    border: 0; border-block-end: 1px solid color-mix(in srgb, currentColor 45%, transparent); border-radius: 0; padding: 0.25em 0;
  }
  textarea:focus-visible { outline: 0; border-block-end: 2px solid; padding-block-end: calc(0.25em - 1px); }
  @media print { label { display: none; } }
`;
