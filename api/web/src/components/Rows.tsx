import type { JSX } from "preact";
import { t } from "../i18n";
import { type Column, DataTable } from "./DataTable";

interface Props<T> {
  title: string;
  columns: readonly Column<T>[];
  items: readonly T[];
}

/** A table of things that have an id. */
export function Rows<T extends { id: number }>({ title, columns, items }: Props<T>): JSX.Element {
  return <DataTable caption={t("list.of", { title })} columns={columns} rows={items} rowKey={(row) => row.id} />;
}
