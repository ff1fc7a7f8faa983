import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApprovedWork } from "../acts/ApprovedWork";
import { post } from "../api/client";
import { useResource } from "../api/resource";
import { status as ledgerStatus } from "../api/status";
import type { AnyStatus, Approval, ApprovalSummary, Part, Party } from "../api/types";
import { formatInstant } from "../format/dates";
import { formatMoney } from "../format/money";
import { list, t } from "../i18n";
import { href } from "../router";
import { locale } from "../state/preferences";
import { person } from "../state/session";
import { LineAfter } from "../debtor/LineAfter";
import { type Fact, Facts } from "./Facts";
import { FormFailure, useDoing } from "./Form";
import { Icon, type IconName } from "./icons";
import { SigningPanel } from "./SigningPanel";
import { Reading } from "./states";
import { Hash } from "./values";

type Status = ApprovalSummary["status"];

/** Each with its sign, and the status of a note whose colour it has. */
const MARKS: Readonly<Record<Status, readonly [IconName, AnyStatus]>> = {
  prepared: ["clock", "offered"],
  signed: ["clock", "offered"],
  approved: ["pause", "offered"],
  executed: ["check", "held"],
  refused: ["cross", "refused"],
  withdrawn: ["back", "withdrawn"],
  expired: ["warn", "lapsed"],
};

export function ApprovalMark({ status }: { status: Status }): JSX.Element {
  const [icon, colour] = MARKS[status];
  return (
    <span class={`status status-${colour}`}>
      <Icon name={icon} size={14} />
      {t(`approval.${status}`)}
    </span>
  );
}

/** What it moves, by currency, in the reader's way of writing money. */
export function sums({ amounts }: ApprovalSummary): string {
  const known = ledgerStatus.value?.currencies ?? [];
  return list(
    amounts.map(({ currency, amount }) => {
      const found = known.find((each) => each.code === currency) ?? null;
      const shown = formatMoney(amount, found, locale.value);
      return found ? shown : `${shown} ${currency}`;
    }),
  );
}

/** As what the person who reads may sign it now; null: not at all. */
function partOf(approval: Approval): Part | null {
  const who = person.value;
  if (!who || who.party !== approval.party) return null;
  const thresholds = approval.kind === "thresholds";
  const has = (...roles: string[]): boolean => who.roles.some((role) => roles.includes(role));
  if (approval.status === "prepared") return has(thresholds ? "admin" : "maker") ? "maker" : null;
  if (approval.status !== "signed" || approval.signatures.some((each) => each.person === who.person)) return null;
  return has("checker", ...(thresholds ? ["admin"] : [])) ? "checker" : null;
}

/** One act that takes two people: what it does, word by word of what is signed, and what the reader can do about it. */
export function ApprovalDetail({ id }: { id: string }): JSX.Element {
  const read = useResource<Approval>(`/approvals/${id}`);
  const [changed, setChanged] = useState<Approval | null>(null);
  useEffect(() => setChanged(null), [read.data]);
  return (
    <Reading of="view" from={read}>
      {(data) => <Known approval={changed ?? data} change={setChanged} />}
    </Reading>
  );
}

interface KnownProps {
  approval: Approval;
  change: (approval: Approval) => void;
}

function Known({ approval, change }: KnownProps): JSX.Element {
  const part = partOf(approval);
  return (
    <article class="view">
      <header class="view-head">
        <p class="eyebrow">
          <ApprovalMark status={approval.status} />
        </p>
        <h1>{t(`approval.kind.${approval.kind}`)}</h1>
        {approval.amounts.length > 0 && <p class="lead num">{sums(approval)}</p>}
      </header>
      <section class="panel">
        <h2>{t("approval.does")}</h2>
        <ol class="sentences">
          {approval.lines.map((line, index) => (
            <li key={index}>{line[locale.value]}</li>
          ))}
        </ol>
        {approval.kind === "confirm" && <LinesAfter approval={approval} />}
        <p class="help">{t("approval.doesHelp")}</p>
        <details>
          <summary>{t("approval.typedData")}</summary>
          <pre tabIndex={0}>{JSON.stringify(approval.typed_data, null, 2)}</pre>
        </details>
      </section>
      {part && (
        <section class="panel">
          <h2>{t(part === "maker" ? "approval.signMaker" : "approval.signChecker")}</h2>
          <p>{t(part === "maker" ? "approval.signMakerHelp" : "approval.signCheckerHelp")}</p>
          <SigningPanel approval={approval} part={part} signed={change} />
          <Declining approval={approval} part={part} change={change} />
        </section>
      )}
      <ApprovedWork approval={approval} />
      <section class="panel">
        <h2>{t("approval.record")}</h2>
        <Facts facts={facts(approval)} />
        <ol class="plain signatures">
          {approval.signatures.map((each) => (
            <li key={each.part}>
              <Icon name="check" size={14} /> {t(`approval.part.${each.part}`)} ·{" "}
              <time dateTime={each.at}>{formatInstant(each.at)}</time> ·{" "}
              {t(each.means === "wallet" ? "approval.byOwnKey" : "approval.byKeptKey")} ·{" "}
              <Hash value={each.account} what={t("approval.account")} />
            </li>
          ))}
        </ol>
      </section>
      <p>
        <a href={href("approvals")}>{t("approvals.back")}</a>
      </p>
    </article>
  );
}

/** What the credit lines come to when this is carried out; nothing once it is, or will not be. */
function LinesAfter({ approval }: { approval: Approval }): JSX.Element | null {
  const open = ["prepared", "signed", "approved"].includes(approval.status);
  const company = useResource<Party>(open ? `/parties/${approval.party}` : null).data;
  if (!company) return null;
  return (
    <>
      {approval.amounts.map(({ currency, amount }) => {
        const found = ledgerStatus.value?.currencies.find((each) => each.code === currency);
        return found && <LineAfter key={currency} company={company} currency={found} amount={BigInt(amount)} />;
      })}
    </>
  );
}

function Declining({ approval, part, change }: KnownProps & { part: Part }): JSX.Element {
  const doing = useDoing();
  const [sure, setSure] = useState(false);
  const [path, label, ask] =
    part === "maker"
      ? (["withdraw", t("approval.withdraw"), t("approval.withdrawSure")] as const)
      : (["refuse", t("approval.refuse"), t("approval.refuseSure")] as const);
  const decline = async (): Promise<void> => change(await post<Approval>(`/approvals/${approval.id}/${path}`));
  if (!sure) {
    return (
      <p>
        <button type="button" class="button quiet" onClick={() => setSure(true)}>
          {label}
        </button>
      </p>
    );
  }
  return (
    <div class="sure" role="group" aria-label={label}>
      <p>{ask}</p>
      <FormFailure failure={doing.failure} />
      <p class="choices">
        <button type="button" class="button" aria-disabled={doing.busy} onClick={() => doing.run(decline)}>
          {label}
        </button>
        <button type="button" class="button quiet" onClick={() => setSure(false)}>
          {t("form.cancel")}
        </button>
      </p>
    </div>
  );
}

function facts(approval: Approval): (Fact | null)[] {
  const instant = (value: string): JSX.Element => <time dateTime={value}>{formatInstant(value)}</time>;
  return [
    { label: t("approvals.asked"), value: instant(approval.created_at) },
    { label: t("approvals.deadline"), value: instant(approval.deadline) },
    { label: t("approval.digest"), value: <Hash value={approval.digest} what={t("approval.digest")} /> },
    approval.operations.length === 0
      ? null
      : { label: t("approval.operations"), value: <span class="num">{approval.operations.length}</span> },
  ];
}
