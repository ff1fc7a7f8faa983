import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../i18n";

export interface Column<T> {
  key: string;
  label: string;
  /** Amounts and counts stand right-aligned in tabular figures. */
  numeric?: boolean;
  cell: (row: T) => ComponentChildren;
}

/** Rows drawn at first, and how many more for each asking. */
const ROWS = { first: 50, more: 250 } as const;

interface Props<T> {
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string | number;
  lit?: (row: T) => boolean;
  /** Of rows that hold nothing to act on: then the keyboard scrolls the table itself. */
  inert?: boolean;
}

/**
 * A table; on a phone each row becomes a card that names its values, and keeps the table's meaning for readers of it
 * (the roles are spelled out because changing `display` takes them away). The first column names the row.
 */
export function DataTable<T>({ caption, columns, rows, rowKey, lit, inert = false }: Props<T>): JSX.Element {
  const [shown, setShown] = useState<number>(ROWS.first);
  const hidden = rows.length - shown;
  return (
    <div class="table-frame" {...(inert ? { tabIndex: 0 } : {})}>
      <table class="table" role="table">
        <caption class="hidden">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column.key} scope="col" role="columnheader" class={column.numeric ? "numeric" : undefined}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.slice(0, shown).map((row) => (
            <tr key={rowKey(row)} role="row" class={lit?.(row) ? "lit" : undefined}>
              {columns.map((column, index) => cell(column, row, index === 0))}
            </tr>
          ))}
        </tbody>
      </table>
      {hidden > 0 && (
        <button type="button" class="button quiet" onClick={() => setShown(shown + ROWS.more)}>
          {t("stage.more", { n: Math.min(ROWS.more, hidden) })}
        </button>
      )}
    </div>
  );
}

function cell<T>(column: Column<T>, row: T, first: boolean): JSX.Element {
  const shared = { key: column.key, "data-label": column.label, ...(column.numeric ? { class: "numeric" } : {}) };
  if (first) {
    return (
      <th scope="row" role="rowheader" {...shared}>
        {column.cell(row)}
      </th>
    );
  }
  return (
    <td role="cell" {...shared}>
      {column.cell(row)}
    </td>
  );
}
