import type { ComponentChildren, JSX } from "preact";

export interface Fact {
  label: string;
  value: ComponentChildren;
}

/** Names and values side by side; facts without a value are left out by the caller with `null`. */
export function Facts({ facts }: { facts: readonly (Fact | null)[] }): JSX.Element {
  return (
    <dl class="facts">
      {facts.map(
        (fact) =>
          fact && (
            <div key={fact.label} class="fact">
              <dt>{fact.label}</dt>
              <dd>{fact.value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
