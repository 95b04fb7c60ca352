import { css } from "lit";

export const editingStyles = css`
  .pinned { margin: 0 0 0.6em; padding-inline-start: 0.8em; border-inline-start: 2px solid color-mix(in srgb, currentColor 40%, transparent); line-height: 1.6; }
  .pinned small { display: block; font-size: 0.85em; opacity: 0.85; }
  .pinned p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
  .pinned span { background: var(--ground); color: var(--on); border-radius: 2px; print-color-adjust: exact; }
  .edit {
    position: absolute; z-index: 2; inset-block-start: var(--y); inset-inline-start: 0; margin-inline-start: var(--x); max-inline-size: 100%; box-sizing: border-box;
    display: flex; flex-wrap: wrap; gap: 0.3em 0.8em; padding: 0.4em 0.8em; background: var(--paper); color: var(--ink); border: 1px solid color-mix(in srgb, currentColor 40%, transparent);
  }
  .edit form { display: flex; gap: 0.4em; }
  .edit input { font: inherit; color: inherit; background: none; border: 0; border-block-end: 1px solid; inline-size: 8em; min-inline-size: 0; }
  .tools { margin-block-start: 0.5em; font-size: 0.85em; line-height: 1.5; min-block-size: 4.4em; }
  .tools small { font-size: inherit; opacity: 0.85; }
  .tools button { margin-inline-end: 1em; }
  .moved { margin-block: 0.6em 0; line-height: 1.5; }
  .moved ul { margin: 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: 0 1.2em; font-size: 0.85em; font-variant-numeric: tabular-nums; }
  .body { position: relative; }
  @media (hover: none) { .tools { min-block-size: 5.5em; } }
  @media (min-width: 45em) { .tools { min-block-size: 3.4em; } }
  @media print { .edit, .tools { display: none; } }
`;
