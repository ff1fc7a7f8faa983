import type { ComponentChildren, JSX } from "preact";

/** One figure of a `dl.tiles`. */
export function Tile({ label, value, wide }: { label: string; value: ComponentChildren; wide?: boolean }): JSX.Element {
  return (
    <div class={`tile${wide ? " tile-wide" : ""}`}>
      <dt>{label}</dt>
      <dd class="num">{value}</dd>
    </div>
  );
}
