import type { JSX } from "preact";
import { useRef } from "preact/hooks";

interface Props<T extends string> {
  label: string;
  value: T;
  panel: string;
  options: readonly { value: T; label: string }[];
  choose: (value: T) => void;
}

export const tabId = (panel: string, value: string): string => `${panel}-tab-${value}`;

/** Tabs as WAI-ARIA describes them: arrow keys, Home and End choose. `panel` is the id of the panel they fill. */
export function Tabs<T extends string>({ label, value, panel, options, choose }: Props<T>): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = options.findIndex((option) => option.value === value);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: options.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = (to + options.length) % options.length;
    const option = options[next];
    if (option) choose(option.value);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
      {options.map((option) => (
        <button
          key={option.value}
          id={tabId(panel, option.value)}
          type="button"
          role="tab"
          aria-selected={option.value === value}
          aria-controls={panel}
          tabIndex={option.value === value ? 0 : -1}
          onClick={() => choose(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
