import type { JSX } from "preact";
import { withQuery } from "../api/client";
import { useResource } from "../api/resource";
import { currencyOf, status } from "../api/status";
import type { Line, Note, Page, Party, Receivable } from "../api/types";
import { receivableColumns } from "../components/columns";
import { type Fact, Facts } from "../components/Facts";
import { KeyChangesPanel } from "../components/KeyChanges";
import { lazy } from "../components/lazy";
import { NoteTable } from "../components/NoteTable";
import { Rows } from "../components/Rows";
import { Empty, Reading } from "../components/states";
import { Strip } from "../components/PartsBar";
import { Hash, Money, NotShown, partyName, StatusMark } from "../components/values";
import { list, rich, t } from "../i18n";
import { href, route } from "../router";
import { actFor, company, mayChoose, operates, useSeesAll } from "../state/company";

const PartyActs = lazy(() => import("../operator/PartyActs").then((module) => module.default));
const PastPanel = lazy(() => import("../operator/PastPanel").then((module) => module.default));
const SHOWN = 20;

/** One party: who it is, what it owes, what it holds. */
export function PartyView({ id }: { id: number }): JSX.Element {
  const party = useResource<Party>(`/parties/${id}`);
  return (
    <Reading of="view" from={party}>
      {(data) => <Known party={data} />}
    </Reading>
  );
}

function Known({ party }: { party: Party }): JSX.Element {
  const seesAll = useSeesAll();
  const owes = party.roles.includes("core_enterprise");
  const receivables = useResource<Page<Receivable>>(
    owes ? withQuery("/receivables", { debtor: party.id, limit: SHOWN }) : null,
  );
  const notes = useResource<Page<Note>>(withQuery("/notes", { holder: party.id, limit: SHOWN }));
  return (
    <article class="view">
      <header class="view-head">
        <p class="eyebrow">
          {t("party.title", { id: party.id })} · <StatusMark status={party.status} />
        </p>
        <h1>{partyName(party)}</h1>
        <p class="lead">{list(party.roles.map((role) => t(`role.${role}`)))}</p>
        {mayChoose.value && company.value !== party.id && (
          <p>
            <button type="button" class="button quiet" onClick={() => actFor(party.id)}>
              {t("company.act")}
            </button>
          </p>
        )}
      </header>
      <section class="panel">
        {party.lines?.map((line) => (
          <CreditLine key={line.currency} line={line} />
        ))}
        <Facts facts={facts(party)} />
      </section>
      {(seesAll || operates.value || company.value === party.id) && <KeyChangesPanel party={party.id} />}
      {operates.value && <PartyActs party={party} />}
      {owes && (
        <section class="block">
          <SectionHead title={t("list.receivables")} to={href("receivables", null, { debtor: party.id })} />
          <Reading from={receivables}>
            {({ items }) =>
              orEmpty(items, <Rows items={items} title={t("list.receivables")} columns={receivableColumns()} />)
            }
          </Reading>
        </section>
      )}
      <section class="block">
        <SectionHead title={t("list.notes")} to={href("notes", null, { holder: party.id })} />
        <Reading from={notes}>{({ items }) => orEmpty(items, <NoteTable notes={items} without="holder" />)}</Reading>
      </section>
      {(seesAll || company.value === party.id) &&
        (route.value.query.has("day") ? (
          <PastPanel party={party.id} />
        ) : (
          <p>
            <a class="button quiet" href={href("party", party.id, { day: status.value?.today })}>
              {t("past.open")}
            </a>
          </p>
        ))}
    </article>
  );
}

function facts(party: Party): (Fact | null)[] {
  return [
    {
      label: t("fact.settlementAccount"),
      value: <Hash value={party.settlement_account} what={t("fact.settlementAccount")} />,
    },
    { label: t("fact.creditCode"), value: <Hash value={party.credit_code_hash} what={t("fact.creditCode")} /> },
    {
      label: t("fact.identityExpiry"),
      value: shown(party.identity_expiry, (date) => <time dateTime={date}>{date}</time>),
    },
    { label: t("fact.overdueCount"), value: shown(party.overdue_count, (count) => <span class="num">{count}</span>) },
    {
      label: t("fact.accounts"),
      value: shown(party.accounts, (accounts) => (
        <ul class="plain">
          {accounts.map(({ address }) => (
            <li key={address}>
              <Hash value={address} what={t("fact.accounts")} />
            </li>
          ))}
        </ul>
      )),
    },
    { label: t("fact.tx"), value: <Hash value={party.source?.tx_hash ?? null} what={t("fact.tx")} /> },
  ];
}

function shown<T>(value: T | null, draw: (value: T) => JSX.Element): JSX.Element {
  return value === null ? <NotShown /> : draw(value);
}

function CreditLine({ line }: { line: Line }): JSX.Element {
  const currency = currencyOf(line.currency);
  const used = <Money minor={line.used} currency={currency} />;
  const limit = <Money minor={line.limit} currency={currency} />;
  return (
    <figure class="parts">
      <figcaption>{rich("fact.lineUsed", { used, limit })}</figcaption>
      <Strip of={{ face: BigInt(line.limit), parts: [{ name: "outstanding", amount: BigInt(line.used) }] }} />
    </figure>
  );
}

function SectionHead({ title, to }: { title: string; to: string }): JSX.Element {
  return (
    <header class="section-head">
      <h2>{title}</h2>
      <a href={to}>{t("overview.all")}</a>
    </header>
  );
}

function orEmpty(items: readonly unknown[], table: JSX.Element): JSX.Element {
  return items.length === 0 ? <Empty title={t("state.empty")} /> : table;
}
