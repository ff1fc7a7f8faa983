import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ActForm } from "../acts/ActForm";
import { useAct } from "../acts/useAct";
import { useAll } from "../api/all";
import type { Party, Planned } from "../api/types";
import { type Column, DataTable } from "../components/DataTable";
import { problemText } from "../components/Form";
import { Empty, Reading } from "../components/states";
import { Money, PartyLink } from "../components/values";
import { formatCount } from "../format/money";
import { rich, t } from "../i18n";
import { href } from "../router";
import { Jobs } from "./Jobs";
import { LineAfter } from "./LineAfter";
import { type Sum, sumsOf } from "./sums";

/** Most that one job takes. */
const AT_ONCE = 10_000;

/** An imported invoice that can be confirmed as it is. */
type Ready = Planned & { amount: string; currency: NonNullable<Planned["currency"]>; due_date: string };

/** What is imported and not confirmed: all of it is, but for what its reader leaves out. */
export function ConfirmPanel({ company }: { company: Party }): JSX.Element {
  const plan = useAll<Planned>(`/imports/plan?buyer=${company.id}`);
  return (
    <>
      <Reading from={plan}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={t("confirm.none")}>
              <p>
                <a class="button" href={href("payables", null, { tab: "import" })}>
                  {t("payables.import")}
                </a>
              </p>
            </Empty>
          ) : (
            <Plan company={company} rows={rows} />
          )
        }
      </Reading>
      <Jobs company={company} />
    </>
  );
}

function Plan({ company, rows }: { company: Party; rows: readonly Planned[] }): JSX.Element {
  const acting = useAct({ name: "confirm", about: company.id });
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set());
  const all = rows.filter(isReady);
  const ready = all.slice(0, AT_ONCE);
  const refused = rows.filter((row) => row.refused !== null);
  const chosen = ready.filter((row) => !left.has(row.item.id));
  const turn = (id: number): void => {
    const next = new Set(left);
    if (!next.delete(id)) next.add(id);
    setLeft(next);
  };
  return (
    <>
      {ready.length > 0 && (
        <section class="panel" aria-labelledby="confirm">
          <h2 id="confirm">{t("confirm.title", { n: formatCount(chosen.length) })}</h2>
          <p>{t("confirm.means")}</p>
          {all.length > ready.length && (
            <p class="notice">
              {t("confirm.later", { n: formatCount(all.length - ready.length), most: formatCount(AT_ONCE) })}
            </p>
          )}
          {sumsOf(chosen, ({ currency, amount }) => ({ currency, amount })).map((sum) => (
            <Total key={sum.currency.id} company={company} sum={sum} rows={chosen} />
          ))}
          <ActForm
            acting={acting}
            label={t("confirm.submit", { n: chosen.length })}
            act={() =>
              chosen.length === 0
                ? null
                : {
                    path: "/jobs/confirmations",
                    body: { party: company.id, rows: chosen.map(({ item }) => ({ item: item.id })) },
                  }
            }
          />
          <DataTable
            caption={t("confirm.title", { n: ready.length })}
            columns={readyColumns(left, turn)}
            rows={ready}
            rowKey={(row) => row.item.id}
          />
        </section>
      )}
      {refused.length > 0 && (
        <section class="block">
          <h2>{t("confirm.cannot")}</h2>
          <DataTable
            caption={t("confirm.cannot")}
            columns={refusedColumns()}
            rows={refused}
            rowKey={(row) => row.item.id}
          />
        </section>
      )}
    </>
  );
}

function isReady(row: Planned): row is Ready {
  return row.refused === null && row.amount !== null && row.currency !== null && row.due_date !== null;
}

function Total({ company, sum, rows }: { company: Party; sum: Sum; rows: readonly Ready[] }): JSX.Element {
  const days = rows.filter((row) => row.currency.id === sum.currency.id).map((row) => row.due_date);
  days.sort();
  return (
    <>
      <p>
        {rich("confirm.sum", {
          n: formatCount(sum.count),
          amount: <Money minor={sum.amount} currency={sum.currency} />,
          first: <span class="num">{days[0]}</span>,
          last: <span class="num">{days.at(-1)}</span>,
        })}
      </p>
      <LineAfter company={company} currency={sum.currency} amount={sum.amount} />
    </>
  );
}

function readyColumns(left: ReadonlySet<number>, turn: (id: number) => void): Column<Ready>[] {
  return [
    {
      key: "number",
      label: t("import.number"),
      cell: ({ item }) => (
        <label class="tick">
          <input type="checkbox" checked={!left.has(item.id)} onChange={() => turn(item.id)} /> {item.number}
        </label>
      ),
    },
    { key: "creditor", label: t("col.creditor"), cell: (row) => <PartyLink party={row.creditor} /> },
    {
      key: "amount",
      label: t("col.amount"),
      numeric: true,
      cell: (row) => <Money minor={row.amount} currency={row.currency} />,
    },
    { key: "due", label: t("col.due"), cell: (row) => <span class="num">{row.due_date}</span> },
  ];
}

function refusedColumns(): Column<Planned>[] {
  return [
    { key: "number", label: t("import.number"), cell: ({ item }) => item.number },
    { key: "seller", label: t("import.seller"), cell: ({ item }) => item.seller_name },
    {
      key: "reason",
      label: t("import.reason"),
      cell: ({ refused }) => refused && problemText({ status: 409, ...refused }),
    },
  ];
}
