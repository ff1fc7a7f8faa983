import type { JSX } from "preact";
import { withQuery } from "../api/client";
import { useResource } from "../api/resource";
import { status } from "../api/status";
import type { Position } from "../api/types";
import { type Column, DataTable } from "../components/DataTable";
import { Reading } from "../components/states";
import { Money, NoteLink, PartyLink, StatusMark } from "../components/values";
import { formatCount } from "../format/money";
import { t } from "../i18n";
import { href, route, setQuery } from "../router";
import { DayField } from "./DayField";

type Sums = Position["sums"][number];

/** Where a party stood at the end of any day: what it held, what it owed, what it had paid and received. */
export default function PastPanel({ party }: { party: number }): JSX.Element {
  const today = status.value?.today ?? "";
  const day = route.value.query.get("day") ?? today;
  const query = { date: day === today ? null : day };
  const position = useResource<Position>(withQuery(`/parties/${party}/position`, query));
  return (
    <section class="block" aria-labelledby="past">
      <header class="section-head">
        <h2 id="past">{t("past.title")}</h2>
        <a href={withQuery(`/parties/${party}/position`, { ...query, format: "xlsx" })}>XLSX</a>
      </header>
      <DayField label={t("past.day")} value={day} choose={(date) => setQuery({ day: date })} />
      <Reading from={position}>
        {({ sums, notes, debts, moment }) => (
          <>
            <p class="muted">{t("past.asOf", { date: moment.date, block: formatCount(moment.block) })}</p>
            <DataTable
              inert
              caption={t("past.title")}
              columns={sumColumns()}
              rows={sums}
              rowKey={(row) => row.currency.id}
            />
            {notes.length > 0 && (
              <DataTable
                caption={t("past.held")}
                columns={[
                  { key: "id", label: t("col.note"), cell: (row) => <NoteLink id={row.note} /> },
                  { key: "debtor", label: t("col.debtor"), cell: (row) => <PartyLink party={row.debtor} /> },
                  {
                    key: "value",
                    label: t("col.value"),
                    numeric: true,
                    cell: (row) => <Money minor={row.value} currency={row.currency} />,
                  },
                  { key: "due", label: t("col.due"), cell: (row) => <span class="num">{row.due_date}</span> },
                  { key: "status", label: t("col.status"), cell: (row) => <StatusMark status={row.status} /> },
                ]}
                rows={notes}
                rowKey={(row) => row.note}
              />
            )}
            {debts.length > 0 && (
              <DataTable
                caption={t("past.owed")}
                columns={[
                  {
                    key: "id",
                    label: t("col.receivable"),
                    cell: (row) => (
                      <a class="num" href={href("receivable", row.receivable)}>
                        #{row.receivable}
                      </a>
                    ),
                  },
                  { key: "creditor", label: t("col.creditor"), cell: (row) => <PartyLink party={row.creditor} /> },
                  {
                    key: "outstanding",
                    label: t("col.outstanding"),
                    numeric: true,
                    cell: (row) => <Money minor={row.outstanding} currency={row.currency} />,
                  },
                  { key: "due", label: t("col.due"), cell: (row) => <span class="num">{row.due_date}</span> },
                  { key: "status", label: t("col.status"), cell: (row) => <StatusMark status={row.status} /> },
                ]}
                rows={debts}
                rowKey={(row) => row.receivable}
              />
            )}
          </>
        )}
      </Reading>
    </section>
  );
}

function sumColumns(): Column<Sums>[] {
  const money = (key: "held" | "pledged" | "owed" | "overdue" | "paid" | "received"): Column<Sums> => ({
    key,
    label: t(`past.${key}`),
    numeric: true,
    cell: (row) => <Money minor={row[key]} currency={row.currency} />,
  });
  return [
    { key: "currency", label: t("past.currency"), cell: (row) => row.currency.code },
    ...(["held", "pledged", "owed", "overdue", "paid", "received"] as const).map(money),
  ];
}
