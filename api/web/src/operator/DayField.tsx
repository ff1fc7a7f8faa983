import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { status } from "../api/status";
import type { BusinessDate } from "../api/types";

interface Props {
  label: string;
  value: BusinessDate;
  choose: (date: BusinessDate) => void;
}

/** A business day up to today. */
export function DayField({ label, value, choose }: Props): JSX.Element {
  const id = useId();
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="date"
        value={value}
        max={status.value?.today ?? ""}
        onChange={(event) => choose(event.currentTarget.value)}
      />
    </p>
  );
}
