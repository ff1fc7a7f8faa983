import type { JSX } from "preact";
import type { Currency, Minor } from "../api/types";
import { share, sum } from "../format/money";
import { t } from "../i18n";
import { type Column, DataTable } from "./DataTable";
import { Strip } from "./PartsBar";
import { Money } from "./values";

/** One rung: what it is of, how many, how much. */
export interface Rung {
  key: string;
  label: JSX.Element | string;
  count: number;
  amount: bigint;
}

interface Props {
  title: string;
  /** What the rungs are. */
  of: string;
  rungs: readonly Rung[];
  currency: Currency;
}

/** Amounts side by side: a table whose bars are as long as the amounts are large beside the largest. */
export function Ladder({ title, of, rungs, currency }: Props): JSX.Element {
  const most = rungs.reduce((largest, rung) => (rung.amount > largest ? rung.amount : largest), 0n);
  const whole = rungs.reduce((total, rung) => total + rung.amount, 0n);
  const columns: Column<Rung>[] = [
    { key: "label", label: of, cell: (rung) => rung.label },
    { key: "count", label: t("col.notes"), numeric: true, cell: (rung) => <span class="num">{rung.count}</span> },
    {
      key: "amount",
      label: t("ladder.amount"),
      numeric: true,
      cell: (rung) => <Money minor={rung.amount} currency={currency} />,
    },
    {
      key: "share",
      label: t("ladder.share"),
      numeric: true,
      cell: (rung) => (
        <div class="share">
          <span class="num">{(share(rung.amount, whole) * 100).toFixed(1)}%</span>
          <Strip of={{ face: most, parts: [{ name: "left", amount: rung.amount }] }} />
        </div>
      ),
    },
  ];
  return <DataTable caption={t("list.of", { title })} columns={columns} rows={rungs} rowKey={(rung) => rung.key} />;
}

/** Adds up things by a key, in the order of the keys. */
export function rungsOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  amountOf: (item: T) => Minor,
  labelOf: (key: string, first: T) => Rung["label"],
): Rung[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, group]) => ({
      key,
      label: labelOf(key, group[0] as T),
      count: group.length,
      amount: sum(group.map(amountOf)),
    }));
}
