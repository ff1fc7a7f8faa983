import type { JSX } from "preact";
import { withQuery } from "../api/client";
import { useResource } from "../api/resource";
import { status } from "../api/status";
import type { Report } from "../api/types";
import { DataTable } from "../components/DataTable";
import { Reading } from "../components/states";
import { t } from "../i18n";
import { route, setQuery } from "../router";
import { locale } from "../state/preferences";
import { DayField } from "./DayField";

const FORMS = ["html", "pdf", "xlsx"] as const;

/** The chain, the read model and the accounts held against one another, as of a day. */
export function ReconciliationPanel(): JSX.Element {
  const today = status.value?.today ?? "";
  const day = route.value.query.get("day") ?? today;
  const query = { lang: locale.value, date: day === today ? null : day };
  const report = useResource<Report>(withQuery("/reports/reconciliation", query));
  return (
    <section class="block" aria-labelledby="reconciliation">
      <header class="section-head">
        <h2 id="reconciliation">{t("reconciliation.title")}</h2>
        <span>
          {FORMS.map((format) => (
            <span key={format}>
              <a href={withQuery("/reports/reconciliation", { ...query, format })}>{format.toUpperCase()}</a>{" "}
            </span>
          ))}
        </span>
      </header>
      <DayField label={t("past.day")} value={day} choose={(date) => setQuery({ day: date })} />
      <Reading from={report}>
        {({ head, tables }) => (
          <>
            {head.map((line) => (
              <p key={line} class="muted">
                {line}
              </p>
            ))}
            {tables.map((table) => (
              <section key={table.key} class="block">
                <h3>{table.title}</h3>
                {table.rows.length === 0 ? (
                  <p class="muted">{t("reconciliation.none")}</p>
                ) : (
                  <DataTable
                    inert
                    caption={table.title}
                    columns={table.columns.map(({ key, title }, at) => ({
                      key,
                      label: title,
                      cell: ({ row }: { row: readonly (string | number | null)[]; at: number }) => row[at] ?? "–",
                    }))}
                    rows={table.rows.map((row, at) => ({ row, at }))}
                    rowKey={({ at }) => at}
                  />
                )}
              </section>
            ))}
          </>
        )}
      </Reading>
    </section>
  );
}
