import type { JSX } from "preact";
import { Change, useAllKeyChanges } from "../components/KeyChanges";
import { t } from "../i18n";

/** Every change of who controls a party, or where its cash goes, that is announced. */
export function RecoveriesPanel(): JSX.Element {
  const changes = useAllKeyChanges();
  return (
    <section class="panel" aria-labelledby="key-changes">
      <h2 id="key-changes">{t("keys.title")}</h2>
      {changes?.length === 0 && <p>{t("keys.none")}</p>}
      {changes?.map((change) => (
        <Change key={`${change.party.id} ${change.kind}`} change={change} named />
      ))}
      <p class="help">{t("keys.howToAnnounce")}</p>
    </section>
  );
}
