import type { JSX } from "preact";
import { useCurrencies } from "../api/currencies";
import type { Note } from "../api/types";
import { t } from "../i18n";
import { href } from "../router";
import { noteColumns } from "./columns";
import { type Column, DataTable } from "./DataTable";

/** Notes of any receivables, in a list. `without` leaves out a column that would say the same in every row. */
export function NoteTable({ notes, without }: { notes: readonly Note[]; without?: "holder" }): JSX.Element {
  const currency = useCurrencies(notes);
  const [first, ...others] = noteColumns(currency).filter((column) => column.key !== without);
  const receivable: Column<Note> = {
    key: "receivable",
    label: t("col.receivable"),
    cell: (note) => (
      <a class="num" href={href("receivable", note.receivable)}>
        #{note.receivable}
      </a>
    ),
  };
  return (
    <DataTable
      caption={t("list.of", { title: t("list.notes") })}
      columns={first ? [first, receivable, ...others] : []}
      rows={notes}
      rowKey={(note) => note.id}
    />
  );
}
