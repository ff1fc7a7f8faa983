import type { JSX } from "preact";
import { withQuery } from "../api/client";
import { useResource } from "../api/resource";
import type { ApprovalSummary, Page } from "../api/types";
import { ApprovalDetail, ApprovalMark, sums } from "../components/Approval";
import { type Column, DataTable } from "../components/DataTable";
import { Empty, Reading } from "../components/states";
import { formatInstant } from "../format/dates";
import { t } from "../i18n";
import { href, navigate, route } from "../router";

const LIMIT = 50;
const STATUSES: ApprovalSummary["status"][] = [
  "prepared",
  "signed",
  "approved",
  "executed",
  "refused",
  "withdrawn",
  "expired",
];

/** What two people of a company sign: the list, or the one that the address names. */
export function ApprovalsView(): JSX.Element {
  const id = route.value.query.get("id");
  return id === null ? <Listing /> : <ApprovalDetail key={id} id={id} />;
}

function Listing(): JSX.Element {
  const { query } = route.value;
  const [status, cursor] = [query.get("status"), query.get("cursor")];
  const page = useResource<Page<ApprovalSummary>>(withQuery("/approvals", { status, cursor, limit: LIMIT }));
  return (
    <article class="view">
      <header class="view-head view-head-row">
        <h1>{t("approvals.title")}</h1>
        <label class="select">
          <span>{t("list.status")}</span>
          <select
            value={status ?? ""}
            onChange={(event) => navigate(href("approvals", null, { status: event.currentTarget.value }))}
          >
            <option value="">{t("list.any")}</option>
            {STATUSES.map((value) => (
              <option key={value} value={value}>
                {t(`approval.${value}`)}
              </option>
            ))}
          </select>
        </label>
      </header>
      <Reading from={page}>
        {({ items, next }) => (
          <>
            {items.length === 0 ? (
              <Empty title={t("approvals.none")}>
                <p>{t("approvals.noneMore")}</p>
              </Empty>
            ) : (
              <DataTable
                caption={t("list.of", { title: t("approvals.title") })}
                columns={columns()}
                rows={items}
                rowKey={(row) => row.id}
              />
            )}
            {next !== null && (
              <p class="pager">
                <a class="button quiet" href={href("approvals", null, { status, cursor: next })}>
                  {t("list.next")}
                </a>
              </p>
            )}
          </>
        )}
      </Reading>
    </article>
  );
}

function columns(): Column<ApprovalSummary>[] {
  return [
    {
      key: "kind",
      label: t("approvals.what"),
      cell: (row) => <a href={href("approvals", null, { id: row.id })}>{t(`approval.kind.${row.kind}`)}</a>,
    },
    {
      key: "amount",
      label: t("col.amount"),
      numeric: true,
      cell: (row) => <span class="num">{sums(row) || "–"}</span>,
    },
    { key: "status", label: t("col.status"), cell: (row) => <ApprovalMark status={row.status} /> },
    {
      key: "asked",
      label: t("approvals.asked"),
      cell: (row) => <time dateTime={row.created_at}>{formatInstant(row.created_at)}</time>,
    },
    {
      key: "deadline",
      label: t("approvals.deadline"),
      cell: (row) => <time dateTime={row.deadline}>{formatInstant(row.deadline)}</time>,
    },
  ];
}
