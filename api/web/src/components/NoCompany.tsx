import type { JSX } from "preact";
import type { Role } from "../api/types";
import { t } from "../i18n";
import { href } from "../router";
import { mayChoose } from "../state/company";
import { Empty } from "./states";

/** In place of a company's own work, for who acts for none that does it; where one may choose, the way to choose. */
export function NoCompany({ role }: { role: Role }): JSX.Element {
  return (
    <Empty of="view" title={t("company.own", { role: t(`role.${role}`) })}>
      {mayChoose.value && (
        <>
          <p>{t("company.choose")}</p>
          <p class="actions">
            <a class="button" href={href("parties", null, { role })}>
              {t("nav.parties")}
            </a>
          </p>
        </>
      )}
    </Empty>
  );
}
