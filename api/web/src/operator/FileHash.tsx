import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { hashOf } from "../format/hashes";

interface Props {
  label: string;
  help: string;
  change: (hash: string | null) => void;
}

/** A file whose hash goes on the chain; it is read here and sent nowhere. */
export function FileHash({ label, help, change }: Props): JSX.Element {
  const id = useId();
  const read = async (file: File | undefined): Promise<void> => change(file ? await hashOf(file) : null);
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="file"
        required
        aria-describedby={`${id}-help`}
        onChange={(event) => void read(event.currentTarget.files?.[0])}
      />
      <span id={`${id}-help`} class="help">
        {help}
      </span>
    </p>
  );
}
