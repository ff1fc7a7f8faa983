import type { JSX } from "preact";
import { ActForm } from "../acts/ActForm";
import { MayDraw } from "../acts/MayDraw";
import { useAct } from "../acts/useAct";
import { useResource } from "../api/resource";
import { status as ledger } from "../api/status";
import type { Deposit, Page, Recourse } from "../api/types";
import { daysBetween } from "../format/dates";
import { t } from "../i18n";
import { company, mayAct } from "../state/company";
import { Facts } from "./Facts";
import { Money, money, NoteLink, partyName } from "./values";

interface Props {
  /** From which side: of the financier, that what it bought and is late; of the seller, what is demanded of it. */
  as: "financier" | "seller";
}

/** Sales with recourse of which something is to be done by the company; nothing where there is none. */
export function RecoursePanel({ as }: Props): JSX.Element {
  const found = useResource<Page<Recourse>>("/recourse?limit=500");
  const today = ledger.value?.today ?? "";
  const mine = (found.data?.items ?? []).filter((one) => one[as].id === company.value && isOpen(one, as, today));
  if (mine.length === 0) return <></>;
  return (
    <section class="block" aria-labelledby="recourse">
      <h2 id="recourse">{t(`recourse.${as}`)}</h2>
      {mine.map((one) => (
        <article key={one.note} class="panel">
          <h3>
            <NoteLink id={one.note} /> · {partyName(as === "financier" ? one.seller : one.financier)}
          </h3>
          <Told one={one} />
          {mayAct.value && (as === "financier" ? <Demand one={one} /> : <Pay one={one} />)}
        </article>
      ))}
    </section>
  );
}

/** A financier sees it from the due day on, a seller once it is demanded. */
function isOpen({ status, due_date }: Recourse, as: Props["as"], today: string): boolean {
  return status === "demanded" || (as === "financier" && (status === "claimable" || due_date < today));
}

function Told({ one }: { one: Recourse }): JSX.Element {
  const { currency, claim } = one;
  return (
    <Facts
      facts={[
        { label: t("holdings.payer"), value: partyName(one.debtor) },
        { label: t("holdings.due"), value: <span class="num">{one.due_date}</span> },
        { label: t("recourse.sold"), value: <Money minor={one.amount} currency={currency} /> },
        { label: t("recourse.price"), value: <Money minor={one.price} currency={currency} /> },
        claim === null ? null : { label: t("recourse.claim"), value: <Money minor={claim} currency={currency} /> },
        one.demanded_date && { label: t("recourse.demanded"), value: <span class="num">{one.demanded_date}</span> },
      ].map((fact) => fact || null)}
    />
  );
}

function Demand({ one }: { one: Recourse }): JSX.Element {
  const declare = useAct({ name: "declare", about: one.receivable });
  const demand = useAct({ name: "demand", about: one.note });
  const late = daysBetween(one.due_date, ledger.value?.today ?? one.due_date);
  if (one.status === "demanded") return <p>{t("recourse.waits", { seller: partyName(one.seller) })}</p>;
  if (one.status === "standing") {
    return (
      <ActForm
        acting={declare}
        label={t("recourse.declare")}
        act={() => ({ path: `/receivables/${one.receivable}/declare-overdue`, body: { party: company.value } })}
      >
        <p class="help">{t("recourse.declareHelp", { n: late })}</p>
      </ActForm>
    );
  }
  return (
    <ActForm
      acting={demand}
      label={t("recourse.demand", { seller: partyName(one.seller) })}
      act={() => ({
        path: "/recourse/demands",
        body: { party: company.value, notes: [one.note] },
        outside: "demand_recourse",
      })}
    />
  );
}

/** Before the desk draws it must have leave to. */
function Pay({ one }: { one: Recourse }): JSX.Element {
  const party = company.value;
  const deposits = useResource<Deposit[]>(`/parties/${party}/deposits`);
  const pay = useAct({ name: "honour", about: one.note });
  const { claim, currency } = one;
  const deposit = deposits.data?.find((each) => each.currency.id === currency.id);
  if (claim === null || party === null) return <></>;
  return (
    <>
      <p class="help">{t("recourse.payHelp")}</p>
      {deposit && <MayDraw company={party} deposit={deposit} desk="recourse" needed={BigInt(claim)} />}
      <ActForm
        acting={pay}
        label={t("recourse.pay", { amount: money(claim, currency) })}
        act={() => ({
          path: "/recourse/payments",
          body: { party, note: one.note, max_total: claim },
          outside: "honour_recourse",
        })}
      />
    </>
  );
}
