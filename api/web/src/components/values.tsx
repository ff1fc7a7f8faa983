import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { AnyStatus, Currency, Minor, PartyName, Source } from "../api/types";
import { formatInstant } from "../format/dates";
import { formatMoney } from "../format/money";
import { t } from "../i18n";
import { href } from "../router";
import { locale } from "../state/preferences";
import { Icon, type IconName } from "./icons";

/** What the reader may not see: null throughout. */
export function NotShown(): JSX.Element {
  return (
    <span class="muted" title={t("value.notShown")}>
      <span aria-hidden="true">–</span>
      <span class="hidden">{t("value.notShown")}</span>
    </span>
  );
}

export function money(minor: Minor | bigint | null, currency: Currency | null): string {
  return minor === null ? t("value.notShown") : formatMoney(minor.toString(), currency, locale.value);
}

export function Money({ minor, currency }: { minor: Minor | bigint | null; currency: Currency | null }): JSX.Element {
  return minor === null ? <NotShown /> : <span class="num">{money(minor, currency)}</span>;
}

export function partyName(party: PartyName | null): string {
  if (party === null) return t("party.notShown");
  const [first, second] = locale.value === "zh" ? [party.name_zh, party.name_en] : [party.name_en, party.name_zh];
  return first || second || t("party.unnamed", { id: party.id });
}

export function PartyLink({ party }: { party: PartyName | null }): JSX.Element {
  if (party === null) return <NotShown />;
  return <a href={href("party", party.id)}>{partyName(party)}</a>;
}

export function NoteLink({ id }: { id: number }): JSX.Element {
  return (
    <a class="num" href={href("note", id)}>
      #{id}
    </a>
  );
}

const STATUS_ICONS: Readonly<Record<AnyStatus, IconName>> = {
  offered: "clock",
  lapsable: "clock",
  held: "hold",
  spent: "pass",
  refused: "cross",
  withdrawn: "back",
  lapsed: "back",
  repaid: "check",
  reserved: "pause",
  pledged: "hold",
  frozen: "pause",
  outstanding: "clock",
  overdue: "warn",
  settled: "check",
  cancelled: "cross",
  active: "check",
  suspended: "pause",
};

export function StatusMark({ status }: { status: AnyStatus | null }): JSX.Element {
  if (status === null) return <NotShown />;
  return (
    <span class={`status status-${status}`}>
      <Icon name={STATUS_ICONS[status]} size={14} />
      {t(`status.${status}`)}
    </span>
  );
}

export function shortHash(hash: string): string {
  return hash.length > 14 ? `${hash.slice(0, 6)}…${hash.slice(-4)}` : hash;
}

/** A hash cut to its ends, whole in the title, with a button that copies all of it. */
export function Hash({ value, what }: { value: string | null; what: string }): JSX.Element {
  if (value === null) return <NotShown />;
  return (
    <span class="hash">
      <code title={value}>{shortHash(value)}</code>
      <CopyButton value={value} what={what} />
    </span>
  );
}

function CopyButton({ value, what }: { value: string; what: string }): JSX.Element {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (): void => {
    navigator.clipboard?.writeText(value).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  const label = copied ? t("fact.copied") : t("fact.copy", { what });
  return (
    <button type="button" class="copy" aria-label={label} title={label} onClick={copy}>
      <Icon name={copied ? "check" : "copy"} size={13} />
    </button>
  );
}

/** When and in which block a fact came to be. */
export function When({ source }: { source: Source }): JSX.Element {
  return <time dateTime={source.time}>{formatInstant(source.time)}</time>;
}
