import type { ComponentChildren, JSX } from "preact";
import { useResource } from "../api/resource";
import { status } from "../api/status";
import type { ApprovalSummary, Page, Party, Planned, Position, Receivable } from "../api/types";
import { ApprovalMark, sums } from "../components/Approval";
import { receivableColumns } from "../components/columns";
import { DataTable } from "../components/DataTable";
import { Icon } from "../components/icons";
import { Money } from "../components/values";
import { formatInstant } from "../format/dates";
import { formatCount } from "../format/money";
import { t } from "../i18n";
import { href } from "../router";
import { person } from "../state/session";
import { sumsOf } from "./sums";

const SHOWN = 20;

/** What waits for somebody of the company: to check, to pay, and what came back. */
export function InboxPanel({ company }: { company: Party }): JSX.Element {
  return (
    <>
      <ToCheck />
      <ToPay company={company} />
      <ToConfirm company={company} />
      <CameBack company={company} />
    </>
  );
}

function Part({ title, count, children }: { title: string; count: number; children: ComponentChildren }): JSX.Element {
  return (
    <section class="panel">
      <h2>
        {title} · <span class="num">{formatCount(count)}</span>
      </h2>
      {count === 0 ? (
        <p class="muted">
          <Icon name="check" size={14} /> {t("inbox.nothing")}
        </p>
      ) : (
        children
      )}
    </section>
  );
}

/** Acts that a maker or a checker has to sign; where nobody signs in there are none. */
function ToCheck(): JSX.Element | null {
  const signsIn = person.value !== null;
  const prepared = useResource<Page<ApprovalSummary>>(signsIn ? `/approvals?status=prepared&limit=${SHOWN}` : null);
  const signed = useResource<Page<ApprovalSummary>>(signsIn ? `/approvals?status=signed&limit=${SHOWN}` : null);
  if (!signsIn) return null;
  const waiting = [...(signed.data?.items ?? []), ...(prepared.data?.items ?? [])];
  return (
    <Part title={t("inbox.toCheck")} count={waiting.length}>
      <DataTable
        caption={t("inbox.toCheck")}
        columns={[
          {
            key: "what",
            label: t("approvals.what"),
            cell: (row) => <a href={href("approvals", null, { id: row.id })}>{t(`approval.kind.${row.kind}`)}</a>,
          },
          { key: "amount", label: t("col.amount"), numeric: true, cell: (row) => sums(row) || "–" },
          { key: "status", label: t("col.status"), cell: (row) => <ApprovalMark status={row.status} /> },
          {
            key: "until",
            label: t("approvals.deadline"),
            cell: (row) => <time dateTime={row.deadline}>{formatInstant(row.deadline)}</time>,
          },
        ]}
        rows={waiting}
        rowKey={(row) => row.id}
      />
    </Part>
  );
}

function ToPay({ company }: { company: Party }): JSX.Element {
  const position = useResource<Position>(`/parties/${company.id}/position`);
  const today = status.value?.today ?? "";
  const due = position.data?.debts.filter((debt) => debt.due_date <= today) ?? [];
  return (
    <Part title={t("inbox.toPay")} count={due.length}>
      {sumsOf(due, ({ currency, outstanding }) => ({ currency, amount: outstanding })).map((sum) => (
        <p key={sum.currency.id}>
          <Money minor={sum.amount} currency={sum.currency} />
        </p>
      ))}
      <p>
        <a class="button" href={href("payables", null, { tab: "due" })}>
          {t("inbox.pay")}
        </a>
      </p>
    </Part>
  );
}

function ToConfirm({ company }: { company: Party }): JSX.Element {
  const plan = useResource<Page<Planned>>(`/imports/plan?buyer=${company.id}&limit=500`);
  const items = plan.data?.items ?? [];
  return (
    <Part title={t("inbox.toConfirm")} count={items.length}>
      <p>
        <a class="button" href={href("payables", null, { tab: "confirm" })}>
          {t("inbox.confirm")}
        </a>
      </p>
    </Part>
  );
}

/** Debts that their first creditor did not take up. */
function CameBack({ company }: { company: Party }): JSX.Element {
  const cancelled = useResource<Page<Receivable>>(`/receivables?debtor=${company.id}&status=cancelled&limit=${SHOWN}`);
  const items = cancelled.data?.items ?? [];
  return (
    <Part title={t("inbox.refused")} count={items.length}>
      <DataTable
        caption={t("inbox.refused")}
        columns={receivableColumns().filter(({ key }) => ["id", "creditor", "face", "due"].includes(key))}
        rows={items}
        rowKey={(row) => row.id}
      />
    </Part>
  );
}
