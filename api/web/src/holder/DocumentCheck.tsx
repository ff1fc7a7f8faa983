import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { Icon } from "../components/icons";
import { Hash } from "../components/values";
import { hashOf } from "../format/hashes";
import { t } from "../i18n";

/** Whether a file in hand is the one that a note names; it is read here and sent nowhere. */
export function DocumentCheck({ hash }: { hash: string }): JSX.Element {
  const id = useId();
  const [same, setSame] = useState<boolean | null>(null);
  const check = async (file: File | undefined): Promise<void> => setSame(file ? (await hashOf(file)) === hash : null);
  return (
    <div class="field">
      <label for={id}>{t("document.check")}</label>
      <input
        id={id}
        type="file"
        aria-describedby={`${id}-help`}
        onChange={(event) => void check(event.currentTarget.files?.[0])}
      />
      <span id={`${id}-help`} class="help">
        {t("document.checkHelp")} <Hash value={hash} what={t("fact.tradeHash")} />
      </span>
      <p role="status">
        {same !== null && (
          <span class={same ? "document-same" : "field-error"}>
            <Icon name={same ? "check" : "warn"} size={14} /> {t(same ? "document.same" : "document.other")}
          </span>
        )}
      </p>
    </div>
  );
}
