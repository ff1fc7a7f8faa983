import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useNear, type Watch } from "../state/near";

export interface Column<T> {
  key: string;
  label: string;
  /** Amounts and counts stand right-aligned in tabular figures. */
  numeric?: boolean;
  cell: (row: T) => ComponentChildren;
}

/** A table of more rows than this scrolls in a frame of its own, and draws what is near to the part that is seen. */
const WHOLE_MAX = 100;
/** Rows that come and go together; whole rows of cards where two or three stand side by side. */
const PART = 24;
/** As long as none was measured, pixels. */
const ROW_HEIGHT = 40;

interface Table<T> {
  columns: readonly Column<T>[];
  rowKey: (row: T) => string | number;
  lit?: ((row: T) => boolean) | undefined;
}

interface Props<T> extends Table<T> {
  caption: string;
  rows: readonly T[];
  /** Of rows that hold nothing to act on: then the keyboard scrolls the table itself. */
  inert?: boolean;
}

/**
 * A table; on a phone each row becomes a card that names its values, and keeps the table's meaning for readers of it
 * (the roles are spelled out because changing `display` takes them away). The first column names the row.
 */
export function DataTable<T>({ caption, rows, inert = false, ...table }: Props<T>): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const long = rows.length > WHOLE_MAX;
  const named = long ? { role: "group" as const, "aria-label": caption } : {};
  return (
    <div
      class={long ? "table-frame table-long" : "table-frame"}
      ref={frame}
      {...(inert || long ? { tabIndex: 0 } : {})}
      {...named}
    >
      <table class="table" role="table" aria-rowcount={long ? rows.length + 1 : undefined}>
        <caption class="hidden">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row" aria-rowindex={long ? 1 : undefined}>
            {table.columns.map((column) => (
              <th key={column.key} scope="col" role="columnheader" class={column.numeric ? "numeric" : undefined}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        {long ? (
          <Parts frame={frame} rows={rows} {...table} />
        ) : (
          <tbody role="rowgroup">{rows.map((row) => line(table, row))}</tbody>
        )}
      </table>
    </div>
  );
}

function line<T>({ columns, rowKey, lit }: Table<T>, row: T, index?: number): JSX.Element {
  return (
    <tr key={rowKey(row)} role="row" aria-rowindex={index} class={lit?.(row) ? "lit" : undefined}>
      {columns.map((column, at) => cell(column, row, at === 0))}
    </tr>
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

interface PartsProps<T> extends Table<T> {
  frame: { current: HTMLElement | null };
  rows: readonly T[];
}

function Parts<T>({ frame, rows, ...table }: PartsProps<T>): JSX.Element {
  const watch = useNear(frame);
  const [rowHeight, setRowHeight] = useState(ROW_HEIGHT);
  const first = useRef<HTMLTableSectionElement>(null);
  useLayoutEffect(() => {
    if (first.current) setRowHeight(first.current.offsetHeight / PART);
  }, []);
  const starts = Array.from({ length: Math.ceil(rows.length / PART) }, (_, part) => part * PART);
  return (
    <>
      {starts.map((start) => (
        <Part
          key={start}
          own={start === 0 ? first : undefined}
          start={start}
          rows={rows}
          rowHeight={rowHeight}
          watch={watch}
          {...table}
        />
      ))}
    </>
  );
}

interface PartProps<T> extends Table<T> {
  own: { current: HTMLTableSectionElement | null } | undefined;
  rows: readonly T[];
  start: number;
  rowHeight: number;
  watch: Watch;
}

/** Some rows of a long table; while they are far, a gap that is as high as they are. */
function Part<T>({ own, rows, start, rowHeight, watch, ...table }: PartProps<T>): JSX.Element {
  const body = useRef<HTMLTableSectionElement>(null);
  const height = useRef<number | null>(null);
  const [near, setNear] = useState(start === 0);
  const mine = rows.slice(start, start + PART);
  useLayoutEffect(() => {
    const section = body.current;
    if (own) own.current = section;
    if (!section) return;
    return watch(section, (isNear) => {
      // What has the focus stays.
      if (!isNear && section.contains(document.activeElement)) return;
      if (!isNear && section.rows.length > 1) height.current = section.offsetHeight;
      setNear(isNear);
    });
  }, []);
  return (
    <tbody role="rowgroup" ref={body} {...(near ? {} : { class: "table-gap", "aria-hidden": true })}>
      {near ? (
        mine.map((row, at) => line(table, row, start + at + 2))
      ) : (
        <tr style={{ height: `${height.current ?? rowHeight * mine.length}px` }} />
      )}
    </tbody>
  );
}
