import type { JSX } from "preact";
import { withQuery } from "../api/client";
import { useResource } from "../api/resource";
import { status } from "../api/status";
import type { Note, Page, Receivable, Status } from "../api/types";
import { receivableColumns } from "../components/columns";
import { Icon } from "../components/icons";
import { NoteTable } from "../components/NoteTable";
import { Rows } from "../components/Rows";
import { Empty, Loading, Reading } from "../components/states";
import { Tile } from "../components/Tile";
import { Money } from "../components/values";
import { formatCount } from "../format/money";
import { t } from "../i18n";
import { href } from "../router";

const SHOWN = 8;
const MONEY = [
  ["outstanding", "overview.outstanding"],
  ["repaid", "overview.repaid"],
  ["financed", "overview.financed"],
  ["cash_paid", "overview.cashPaid"],
] as const;

/** The ledger in figures, and the way into its lists. */
export function OverviewView(): JSX.Element {
  const present = status.value;
  if (!present) return <Loading />;
  const { totals, index } = present;
  return (
    <article class="view">
      <header class="view-head">
        <h1>{t("overview.title")}</h1>
        <p class="lead">{t("overview.lead", { block: formatCount(index.block) })}</p>
        {present.featured_note !== null && (
          <p>
            <a class="button" href={href("story")}>
              {t("overview.openStory")}
              <Icon name="next" />
            </a>
          </p>
        )}
      </header>
      {totals && <Totals totals={totals} />}
      <First<Receivable>
        name="receivables"
        table={(items) => <Rows title={t("list.receivables")} columns={receivableColumns()} items={items} />}
      />
      <First<Note> name="notes" table={(items) => <NoteTable notes={items} />} />
    </article>
  );
}

/** The whole ledger's; a party does not see them. */
function Totals({ totals }: { totals: NonNullable<Status["totals"]> }): JSX.Element {
  return (
    <dl class="tiles">
      {MONEY.map(([name, label]) => (
        <Tile
          key={name}
          label={t(label)}
          wide
          value={totals.sums.map((sums) => (
            <div key={sums.currency.id}>
              <Money minor={sums[name]} currency={sums.currency} />
            </div>
          ))}
        />
      ))}
      <Tile label={t("overview.receivables")} value={formatCount(totals.receivables)} />
      <Tile label={t("overview.notes")} value={formatCount(totals.notes)} />
      <Tile label={t("overview.maxTier")} value={totals.max_tier} />
      <Tile label={t("overview.refused")} value={formatCount(totals.refused)} />
    </dl>
  );
}

interface FirstProps<T> {
  name: "receivables" | "notes";
  table: (items: readonly T[]) => JSX.Element;
}

function First<T extends { id: number }>({ name, table }: FirstProps<T>): JSX.Element {
  const page = useResource<Page<T>>(withQuery(`/${name}`, { limit: SHOWN }));
  return (
    <section class="block">
      <header class="section-head">
        <h2>{t(`list.${name}`)}</h2>
        <a href={href(name)}>{t("overview.all")}</a>
      </header>
      <Reading from={page}>
        {({ items }) => (items.length === 0 ? <Empty title={t("state.empty")} /> : table(items))}
      </Reading>
    </section>
  );
}
