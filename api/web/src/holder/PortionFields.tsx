import type { JSX } from "preact";
import { useId } from "preact/hooks";
import type { Currency, Party } from "../api/types";
import { AmountField } from "../components/AmountField";
import { Described, describedBy } from "../components/Form";
import { partyName } from "../components/values";
import { hashOf } from "../format/hashes";
import { t } from "../i18n";

/** A part that is to be passed on, as far as it was filled in. */
export interface Portion {
  key: number;
  to: string;
  amount: bigint | null;
  /** Of the invoice or contract under it. */
  hash: string | null;
}

export function blank(key: number): Portion {
  return { key, to: "", amount: null, hash: null };
}

interface FieldsProps {
  number: number;
  of: number;
  portion: Portion;
  receivers: readonly Party[];
  change: (changes: Partial<Portion>) => void;
  remove: () => void;
  amount: { currency: Currency; most: bigint; error: string | null };
  wrongTo: string | null;
}

/** To whom, how much, and on what ground. */
export function PortionFields({
  number,
  of,
  portion,
  receivers,
  change,
  remove,
  amount,
  wrongTo,
}: FieldsProps): JSX.Element {
  const id = useId();
  return (
    <fieldset class="portion">
      <legend>{t("split.part", { number })}</legend>
      <p class="field">
        <label for={`${id}-to`}>{t("split.to")}</label>
        <select
          id={`${id}-to`}
          required
          value={portion.to}
          {...describedBy(`${id}-to`, null, wrongTo)}
          onChange={(event) => change({ to: event.currentTarget.value })}
        >
          <option value="">{t("split.choose")}</option>
          {receivers.map((party) => (
            <option key={party.id} value={party.id}>
              {partyName(party)}
            </option>
          ))}
        </select>
        <Described id={`${id}-to`} help={null} error={wrongTo} />
      </p>
      <AmountField
        label={t("split.amount")}
        value={portion.amount}
        change={(value) => change({ amount: value })}
        {...amount}
      />
      <p class="field">
        <label for={`${id}-document`}>{t("split.document")}</label>
        <input
          id={`${id}-document`}
          type="file"
          required
          {...describedBy(`${id}-document`, "help", null)}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file) void hashOf(file).then((hash) => change({ hash }));
            else change({ hash: null });
          }}
        />
        <Described id={`${id}-document`} help={t("split.documentHelp")} error={null} />
      </p>
      {of > 1 && (
        <p>
          <button type="button" class="button quiet" onClick={remove}>
            {t("split.remove", { number })}
          </button>
        </p>
      )}
    </fieldset>
  );
}
