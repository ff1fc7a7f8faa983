import type { JSX } from "preact";
import { ActForm } from "../acts/ActForm";
import { useAct } from "../acts/useAct";
import { useResource } from "../api/resource";
import type { KeyChange, Page } from "../api/types";
import { formatInstant } from "../format/dates";
import { t } from "../i18n";
import { href } from "../router";
import { company, mayAct, operates, OPERATOR } from "../state/company";
import { type Fact, Facts } from "./Facts";
import { Icon } from "./icons";
import { Hash, PartyLink } from "./values";

const CHANGES = "/key-changes?limit=500";

/** What is announced about who controls parties and where their cash goes, as far as the reader sees it; `of` a party alone. */
export function useKeyChanges(of: number | null): readonly KeyChange[] {
  const items = useResource<Page<KeyChange>>(of === null ? null : CHANGES).data?.items ?? [];
  return items.filter(({ party }) => party.id === of);
}

/** The same of all parties. */
export function useAllKeyChanges(): readonly KeyChange[] | null {
  return useResource<Page<KeyChange>>(CHANGES).data?.items ?? null;
}

/** On every view, until it is over: somebody is about to control the reader's company. What nobody hears of, nobody vetoes. */
export function TakeoverBanner(): JSX.Element {
  const own = company.value;
  const changes = useKeyChanges(own);
  return (
    <div role="status">
      {own !== null &&
        changes.map(({ kind, ready_at }) => (
          <p key={kind} class="banner banner-warn">
            <Icon name="warn" size={14} />
            <span>{t(`keys.banner.${kind}`, { at: formatInstant(ready_at) })}</span>
            <a href={href("party", own)}>{t("keys.look")}</a>
          </p>
        ))}
    </div>
  );
}

/** What is announced for one party; nothing where nothing is. */
export function KeyChangesPanel({ party }: { party: number }): JSX.Element | null {
  const changes = useKeyChanges(party);
  if (changes.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="keys">
      <h2 id="keys">{t("keys.title")}</h2>
      {changes.map((change) => (
        <Change key={change.kind} change={change} />
      ))}
    </section>
  );
}

/** One announced change, and what the reader may do about it: its party vetoes, the operator withdraws a recovery. */
export function Change({ change, named = false }: { change: KeyChange; named?: boolean }): JSX.Element {
  const { party, kind, status } = change;
  const own = mayAct.value && company.value === party.id;
  const ready = status === "ready";
  const recovery = kind === "recovery";
  const path = `/parties/${party.id}/${recovery ? "recovery" : "settlement-change"}`;
  return (
    <article aria-label={t(`keys.${kind}`)}>
      <h3>
        {t(`keys.${kind}`)} {named && <PartyLink party={party} />}
      </h3>
      <p>{t(`keys.${kind}.means`)}</p>
      <Facts facts={facts(change)} />
      {own && <Deed name={recovery ? "vetoRecovery" : "vetoSettlement"} about={party.id} path={`${path}/veto`} />}
      {own && !recovery && ready && <Deed name="finishSettlement" about={party.id} path={`${path}/finish`} />}
      {operates.value && recovery && (
        <Deed name="withdrawRecovery" about={party.id} path={`${path}/withdraw`} operating />
      )}
      {operates.value && recovery && ready && (
        <Deed name="finishRecovery" about={party.id} path={`${path}/finish`} operating />
      )}
    </article>
  );
}

interface DeedProps {
  name: "vetoRecovery" | "vetoSettlement" | "finishSettlement" | "withdrawRecovery" | "finishRecovery";
  about: number;
  path: string;
  operating?: boolean;
}

function Deed({ name, about, path, operating = false }: DeedProps): JSX.Element {
  const acting = useAct({ name, about });
  const asked = operating ? { path, body: { party: OPERATOR } } : { path };
  return <ActForm acting={acting} label={t(`keys.do.${name}`)} act={() => asked} />;
}

function facts({ account, removed, evidence_hash, ready_at, status }: KeyChange): (Fact | null)[] {
  return [
    { label: t("keys.account"), value: <Hash value={account} what={t("keys.account")} /> },
    removed.length === 0
      ? null
      : {
          label: t("keys.removed"),
          value: (
            <ul class="plain">
              {removed.map((each) => (
                <li key={each}>
                  <Hash value={each} what={t("keys.removed")} />
                </li>
              ))}
            </ul>
          ),
        },
    { label: t("keys.evidence"), value: <Hash value={evidence_hash} what={t("keys.evidence")} /> },
    {
      label: t(status === "ready" ? "keys.readySince" : "keys.readyFrom"),
      value: <time dateTime={ready_at}>{formatInstant(ready_at)}</time>,
    },
  ];
}
