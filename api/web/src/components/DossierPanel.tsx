import type { JSX } from "preact";
import { status } from "../api/status";
import { getFile } from "../api/client";
import { t } from "../i18n";
import { FormFailure, useDoing } from "./Form";

/** The dossier of a note, for those who see all; and the page that checks one. */
export function DossierPanel({ note }: { note: number }): JSX.Element {
  const doing = useDoing();
  const download = async (): Promise<void> => {
    const file = URL.createObjectURL(await getFile(`/notes/${note}/dossier`));
    const link = document.createElement("a");
    link.href = file;
    link.download = `dossier-${note}.json`;
    link.click();
    URL.revokeObjectURL(file);
  };
  return (
    <section class="panel" aria-labelledby="dossier">
      <h2 id="dossier">{t("dossier.title")}</h2>
      <p>{t("dossier.help")}</p>
      <p class="actions">
        {status.value?.totals && (
          <button type="button" class="button" aria-disabled={doing.busy} onClick={() => doing.run(download)}>
            {doing.busy ? t("form.busy") : t("dossier.download")}
          </button>
        )}
        <a class="button quiet" href="/check" target="_blank" rel="noreferrer">
          {t("dossier.check")}
        </a>
        <a href="/check" download="cascade-check.html">
          {t("dossier.keep")}
        </a>
      </p>
      <FormFailure failure={doing.failure} />
    </section>
  );
}
