import type { JSX } from "preact";
import { getFile } from "../api/client";
import { download } from "../api/download";
import type { Note } from "../api/types";
import { t } from "../i18n";
import { company, mayAct } from "../state/company";
import { FormFailure, useDoing } from "./Form";

/** For the holder of a note: a certificate of it, to print. */
export function CertificatePanel({ note }: { note: Note }): JSX.Element | null {
  const doing = useDoing();
  if (!mayAct.value || note.holder?.id !== company.value || note.status !== "held") return null;
  const write = async (): Promise<void> => {
    const file = await getFile(`/notes/${note.id}/certificates`, { party: company.value });
    download(file, `certificate-${note.id}.pdf`);
  };
  return (
    <section class="panel" aria-labelledby="certificate">
      <h2 id="certificate">{t("certificate.panel")}</h2>
      <p>{t("certificate.help")}</p>
      <FormFailure failure={doing.failure} />
      <p>
        <button type="button" class="button" aria-disabled={doing.busy} onClick={() => doing.run(write)}>
          {doing.busy ? t("form.busy") : t("certificate.download")}
        </button>
      </p>
    </section>
  );
}
