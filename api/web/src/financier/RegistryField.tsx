import type { JSX } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { Described, describedBy } from "../components/Form";
import { hashOf } from "../format/hashes";
import { t } from "../i18n";

/** What stands for no number. */
export const NO_REFERENCE = `0x${"00".repeat(32)}`;

interface Props {
  needed: boolean;
  /** The number's hash, as it goes with the quote; null while it is being made. */
  change: (reference: string | null) => void;
  error: string | null;
}

/** The registry's number of an assignment, of which the chain gets the hash. */
export function RegistryField({ needed, change, error }: Props): JSX.Element {
  const id = useId();
  const [number, setNumber] = useState("");
  useEffect(() => {
    let last = true;
    const text = number.trim();
    change(text === "" ? NO_REFERENCE : null);
    if (text !== "") void hashOf(new Blob([text])).then((hash) => last && change(hash));
    return () => {
      last = false;
    };
  }, [number]);
  return (
    <p class="field">
      <label for={id}>{t("quote.registry")}</label>
      <input
        id={id}
        type="text"
        autocomplete="off"
        maxLength={100}
        required={needed}
        value={number}
        {...describedBy(id, "help", error)}
        onInput={(event) => setNumber(event.currentTarget.value)}
      />
      <Described id={id} help={t(needed ? "quote.registryNeeded" : "quote.registryHelp")} error={error} />
    </p>
  );
}
