import type { JSX } from "preact";
import { withQuery } from "../api/client";
import { useResource } from "../api/resource";
import type { AnyStatus, Note, NoteStatus, Page, Party, Receivable, ReceivableStatus, Role } from "../api/types";
import { partyColumns, receivableColumns } from "../components/columns";
import { Icon } from "../components/icons";
import { NoteTable } from "../components/NoteTable";
import { Rows } from "../components/Rows";
import { Empty, Reading } from "../components/states";
import { partyName } from "../components/values";
import { t } from "../i18n";
import { href, navigate, route, type RouteName } from "../router";

const LIMIT = 50;

const RECEIVABLE_STATUSES: ReceivableStatus[] = ["outstanding", "overdue", "settled", "cancelled"];
const NOTE_STATUSES: NoteStatus[] = [
  "offered",
  "held",
  "spent",
  "repaid",
  "refused",
  "withdrawn",
  "lapsed",
  "lapsable",
  "reserved",
  "pledged",
  "frozen",
];
const TIERS = ["1", "2", "3", "4"];
const ROLES: Role[] = [
  "core_enterprise",
  "supplier",
  "financier",
  "registrar",
  "auditor",
  "arbiter",
  "settlement_bank",
];

interface Choice {
  name: string;
  label: string;
  options: readonly { value: string; label: string }[];
}

interface ListingProps<T> {
  name: RouteName & ("receivables" | "notes" | "parties");
  title: string;
  filters: readonly Choice[];
  /** Filters that come from links and can only be taken away: name in the query → what it narrows to. */
  fixed: Readonly<Record<string, JSX.Element | string | null>>;
  table: (items: readonly T[]) => JSX.Element;
}

export function ReceivablesView(): JSX.Element {
  return (
    <Listing<Receivable>
      name="receivables"
      title={t("list.receivables")}
      filters={[statusChoice(RECEIVABLE_STATUSES)]}
      fixed={{ debtor: <PartyFilter name="debtor" label="filter.debtor" /> }}
      table={(items) => <Rows title={t("list.receivables")} columns={receivableColumns()} items={items} />}
    />
  );
}

export function NotesView(): JSX.Element {
  const receivable = route.value.query.get("receivable");
  const tiers = TIERS.map((value) => ({ value, label: t("tier.n", { n: value }) }));
  return (
    <Listing<Note>
      name="notes"
      title={t("list.notes")}
      filters={[statusChoice(NOTE_STATUSES), { name: "tier", label: t("list.tier"), options: tiers }]}
      fixed={{
        holder: <PartyFilter name="holder" label="filter.holder" />,
        receivable: receivable && t("filter.receivable", { id: receivable }),
      }}
      table={(items) => <NoteTable notes={items} />}
    />
  );
}

export function PartiesView(): JSX.Element {
  const options = ROLES.map((value) => ({ value, label: t(`role.${value}`) }));
  return (
    <Listing<Party>
      name="parties"
      title={t("list.parties")}
      filters={[{ name: "role", label: t("list.role"), options }]}
      fixed={{}}
      table={(items) => <Rows title={t("list.parties")} columns={partyColumns()} items={items} />}
    />
  );
}

function statusChoice(values: readonly AnyStatus[]): Choice {
  const options = values.map((value) => ({ value, label: t(`status.${value}`) }));
  return { name: "status", label: t("list.status"), options };
}

function PartyFilter({ name, label }: { name: string; label: "filter.holder" | "filter.debtor" }): JSX.Element {
  const id = route.value.query.get(name);
  const party = useResource<Party>(id && `/parties/${id}`);
  return <>{t(label, { party: party.data ? partyName(party.data) : `#${id}` })}</>;
}

/** A list with its filters and pages; all of it is in the address, so Back goes back a page. */
function Listing<T extends { id: number }>({ name, title, filters, fixed, table }: ListingProps<T>): JSX.Element {
  const query = Object.fromEntries(route.value.query);
  const page = useResource<Page<T>>(withQuery(`/${name}`, { ...query, limit: LIMIT }));
  const go = (changes: Record<string, string | null>): void =>
    navigate(href(name, null, { ...query, cursor: null, ...changes }));
  const filtered = Object.keys(query).length > 0;
  return (
    <article class="view">
      <header class="view-head view-head-row">
        <h1>{title}</h1>
        <Filters filters={filters} fixed={fixed} query={query} go={go} />
      </header>
      <Reading from={page}>
        {({ items, next }) => (
          <>
            {items.length === 0 ? (
              <Empty title={filtered ? t("state.emptyFiltered") : t("state.empty")} />
            ) : (
              table(items)
            )}
            <p class="pager">
              {query.cursor && (
                <a class="button quiet" href={href(name, null, { ...query, cursor: null })}>
                  {t("list.first")}
                </a>
              )}
              {next !== null && (
                <a class="button quiet" href={href(name, null, { ...query, cursor: next })}>
                  {t("list.next")}
                  <Icon name="next" />
                </a>
              )}
            </p>
          </>
        )}
      </Reading>
    </article>
  );
}

interface FiltersProps {
  filters: readonly Choice[];
  fixed: ListingProps<never>["fixed"];
  query: Record<string, string>;
  go: (changes: Record<string, string | null>) => void;
}

function Filters({ filters, fixed, query, go }: FiltersProps): JSX.Element {
  return (
    <div class="filters">
      {Object.entries(fixed).map(
        ([name, label]) =>
          query[name] && (
            <button key={name} type="button" class="chip" onClick={() => go({ [name]: null })}>
              {label}
              <Icon name="cross" size={13} />
              <span class="hidden">{t("filter.clear", { name })}</span>
            </button>
          ),
      )}
      {filters.map(({ name, label, options }) => (
        <label key={name} class="select">
          <span>{label}</span>
          <select value={query[name] ?? ""} onChange={(event) => go({ [name]: event.currentTarget.value || null })}>
            <option value="">{t("list.any")}</option>
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
        </label>
      ))}
    </div>
  );
}
