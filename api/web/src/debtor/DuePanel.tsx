import type { JSX } from "preact";
import { ActForm } from "../acts/ActForm";
import { MayDraw } from "../acts/MayDraw";
import { useAct } from "../acts/useAct";
import { useResource } from "../api/resource";
import { status } from "../api/status";
import type { Deposit, Owed, Party, Position } from "../api/types";
import { DataTable } from "../components/DataTable";
import { Empty, Reading } from "../components/states";
import { Money, PartyLink, StatusMark } from "../components/values";
import { formatCount, share } from "../format/money";
import { rich, t } from "../i18n";
import { href, route, setQuery } from "../router";
import { mayAct } from "../state/company";
import { Calendar } from "./Calendar";
import { type Sum, sumsOf } from "./sums";

/** What falls due when: paying what is due by today, the months as a ladder, the days of one as a calendar. */
export function DuePanel({ company }: { company: Party }): JSX.Element {
  const position = useResource<Position>(`/parties/${company.id}/position`);
  return (
    <Reading from={position}>
      {({ debts }) => (debts.length === 0 ? <Empty title={t("due.none")} /> : <Due company={company} debts={debts} />)}
    </Reading>
  );
}

function Due({ company, debts }: { company: Party; debts: readonly Owed[] }): JSX.Element {
  const today = status.value?.today ?? "";
  const due = debts.filter((debt) => debt.due_date <= today);
  const months = [...new Set(debts.map((debt) => debt.due_date.slice(0, 7)))].sort();
  const asked = route.value.query.get("month");
  const month = months.find((each) => each === asked) ?? months[0] ?? "";
  return (
    <>
      <PayToday company={company} today={today} due={due} debts={debts} />
      <Ladder debts={debts} months={months} month={month} />
      <Calendar month={month} debts={debts.filter((debt) => debt.due_date.startsWith(month))} today={today} />
    </>
  );
}

function sums(debts: readonly Owed[]): Sum[] {
  return sumsOf(debts, ({ currency, outstanding }) => ({ currency, amount: outstanding }));
}

interface PayProps {
  company: Party;
  today: string;
  due: readonly Owed[];
  debts: readonly Owed[];
}

/** All that is due by today, in one act; and before it, leave for the desk to draw what is owed. */
function PayToday({ company, today, due, debts }: PayProps): JSX.Element {
  const acting = useAct({ name: "repay", about: today });
  const deposits = useResource<Deposit[]>(`/parties/${company.id}/deposits`);
  return (
    <section class="panel" aria-labelledby="pay">
      <h2 id="pay">{t("due.pay", { date: today })}</h2>
      {due.length === 0 ? (
        <p>{t("due.nothing")}</p>
      ) : (
        <>
          {sums(due).map((sum) => (
            <p key={sum.currency.id}>
              {rich("due.sum", {
                n: formatCount(sum.count),
                amount: <Money minor={sum.amount} currency={sum.currency} />,
              })}
            </p>
          ))}
          <p class="help">{t("due.payHelp")}</p>
        </>
      )}
      {deposits.data?.map((deposit) => (
        <Account key={deposit.currency.id} company={company} deposit={deposit} debts={debts} />
      ))}
      {(due.length > 0 || acting.progress.at !== "open") && (
        <ActForm
          acting={acting}
          label={t("due.submit", { n: due.length })}
          act={() => ({ path: "/repayments", body: { party: company.id, due_until: today }, outside: "repay" })}
        />
      )}
      {due.length > 0 && (
        <DataTable
          caption={t("due.pay", { date: today })}
          columns={[
            {
              key: "id",
              label: t("col.receivable"),
              cell: (debt) => (
                <a class="num" href={href("receivable", debt.receivable)}>
                  #{debt.receivable}
                </a>
              ),
            },
            { key: "creditor", label: t("col.creditor"), cell: (debt) => <PartyLink party={debt.creditor} /> },
            {
              key: "amount",
              label: t("col.outstanding"),
              numeric: true,
              cell: (debt) => <Money minor={debt.outstanding} currency={debt.currency} />,
            },
            { key: "due", label: t("col.due"), cell: (debt) => <span class="num">{debt.due_date}</span> },
            { key: "status", label: t("col.status"), cell: (debt) => <StatusMark status={debt.status} /> },
          ]}
          rows={due}
          rowKey={(debt) => debt.receivable}
        />
      )}
    </section>
  );
}

/** What there is to pay with, and whether the desk may draw what is owed in its currency. */
function Account({ company, deposit, debts }: Pick<PayProps, "company" | "debts"> & { deposit: Deposit }): JSX.Element {
  const { currency, balance } = deposit;
  const owed = sums(debts).find((sum) => sum.currency.id === currency.id)?.amount ?? 0n;
  return (
    <>
      <p>{rich("due.balance", { balance: <Money minor={balance} currency={currency} /> })}</p>
      {mayAct.value && <MayDraw company={company.id} deposit={deposit} desk="repayment" needed={owed} />}
    </>
  );
}

interface Step extends Sum {
  month: string;
  share: number;
}

/** The months one below the other, each as long as what falls due in it; of each currency its own scale. */
function Ladder({ debts, months, month }: { debts: readonly Owed[]; months: string[]; month: string }): JSX.Element {
  const all = months.flatMap((each) =>
    sums(debts.filter((debt) => debt.due_date.startsWith(each))).map((sum) => ({ ...sum, month: each })),
  );
  const most = (id: number): bigint =>
    all.reduce((found, { currency, amount }) => (currency.id === id && amount > found ? amount : found), 0n);
  const steps: Step[] = all.map((sum) => ({ ...sum, share: share(sum.amount, most(sum.currency.id)) }));
  return (
    <section class="block">
      <h2>{t("due.ladder")}</h2>
      <DataTable
        caption={t("due.ladder")}
        columns={[
          {
            key: "month",
            label: t("due.month"),
            cell: (step) => (
              <button
                type="button"
                class="link num"
                aria-pressed={step.month === month}
                onClick={() => setQuery({ month: step.month })}
              >
                {step.month}
              </button>
            ),
          },
          { key: "n", label: t("due.debts"), numeric: true, cell: (step) => <span class="num">{step.count}</span> },
          {
            key: "amount",
            label: t("col.outstanding"),
            numeric: true,
            cell: (step) => <Money minor={step.amount} currency={step.currency} />,
          },
          { key: "bar", label: t("due.share"), cell: (step) => <Bar share={step.share} /> },
        ]}
        rows={steps}
        rowKey={(step) => `${step.month} ${step.currency.id}`}
      />
    </section>
  );
}

function Bar({ share }: { share: number }): JSX.Element {
  const percent = Math.round(share * 100);
  return (
    <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={`${percent}%`}>
      <rect width={Math.max(percent, 1)} height="8" />
    </svg>
  );
}
