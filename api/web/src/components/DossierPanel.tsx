import type { JSX } from "preact";
import { getFile } from "../api/client";
import { download } from "../api/download";
import { t } from "../i18n";
import { useSeesAll } from "../state/company";
import { FormFailure, useDoing } from "./Form";

/** The dossier of a note, for those who see all; and the page that checks one. */
export function DossierPanel({ note }: { note: number }): JSX.Element {
  const seesAll = useSeesAll();
  const doing = useDoing();
  const write = async (): Promise<void> => download(await getFile(`/notes/${note}/dossier`), `dossier-${note}.json`);
  return (
    <section class="panel" aria-labelledby="dossier">
      <h2 id="dossier">{t("dossier.title")}</h2>
      <p>{t("dossier.help")}</p>
      <p class="actions">
        {seesAll && (
          <button type="button" class="button" aria-disabled={doing.busy} onClick={() => doing.run(write)}>
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
