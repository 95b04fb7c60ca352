/** One tab stop for a row of options, arrow keys between them. The options are `[role="option"]` inside the container. */

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 };

/** Handles a key; `choose` gets the option's position. From right to left, left goes on. */
export function rove(event: KeyboardEvent, rtl: boolean, choose: (index: number) => void): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const container = event.currentTarget as HTMLElement;
  const options = [...container.querySelectorAll<HTMLElement>("[role=option]")];
  const at = options.indexOf(event.target as HTMLElement);
  if (at < 0) return;
  const mirrored = rtl && /Left|Right/.test(event.key) ? -1 : 1;
  const step = steps[event.key];
  const to = event.key === "Home" ? 0 : event.key === "End" ? options.length - 1 : step ? at + step * mirrored : -1;
  if (event.key === "Enter" || event.key === " ") choose(at);
  else if (event.key === "Home" || event.key === "End" || step) options[to]?.focus();
  else return;
  event.preventDefault();
}
