import type { JSX, TargetedEvent } from "preact";
import { useId, useState } from "preact/hooks";
import { postForm } from "../api/client";
import { download } from "../api/download";
import { currencyOf, status } from "../api/status";
import type { Checked, Currency, Draft, Imported, ImportedItem, ImportRefusal, Party } from "../api/types";
import { type Column, DataTable } from "../components/DataTable";
import { FormFailure, useDoing } from "../components/Form";
import { Icon } from "../components/icons";
import { Money } from "../components/values";
import { formatCount } from "../format/money";
import { t } from "../i18n";
import { href } from "../router";
import { locale } from "../state/preferences";

/** A document is tried first, and taken in when its reader has seen what comes of it. */
export function ImportPanel({ company }: { company: Party }): JSX.Element {
  const doing = useDoing();
  const [file, setFile] = useState<File | null>(null);
  const [checked, setChecked] = useState<Checked | null>(null);
  const [imported, setImported] = useState<Imported | null>(null);
  const send = <T,>(path: string, of: File): Promise<T> => {
    const form = new FormData();
    form.set("party", String(company.id));
    form.set("file", of);
    return postForm<T>(path, form);
  };
  const tried = (chosen: File): void => {
    setFile(chosen);
    setChecked(null);
    setImported(null);
    doing.run(async () => setChecked(await send<Checked>("/imports/checks", chosen)));
  };
  const take = async (): Promise<void> => {
    if (file) setImported(await send<Imported>("/imports", file));
  };
  return (
    <>
      <DropZone take={tried} name={file?.name ?? null} />
      <Template />
      <FormFailure failure={doing.failure} />
      <div role="status">
        {doing.busy && <p>{t("form.busy")}</p>}
        {imported && (
          <p class="act-now act-final">
            <Icon name="check" /> {t("import.done", { n: imported.imported.length })}{" "}
            <a href={href("payables", null, { tab: "confirm" })}>{t("import.toConfirm")}</a>
          </p>
        )}
        {checked && !imported && (
          <p>
            {t("import.comesTo", {
              n: formatCount(checked.new.length),
              known: formatCount(checked.known.length),
              refused: formatCount(checked.refused.length),
            })}
          </p>
        )}
      </div>
      {checked && !imported && checked.new.length > 0 && (
        <p>
          <button type="button" class="button" aria-disabled={doing.busy} onClick={() => doing.run(take)}>
            {t("import.take", { n: checked.new.length })}
          </button>
        </p>
      )}
      {checked && !imported && <Findings checked={checked} />}
    </>
  );
}

function DropZone({ take, name }: { take: (file: File) => void; name: string | null }): JSX.Element {
  const id = useId();
  const [over, setOver] = useState(false);
  const chosen = (event: TargetedEvent<HTMLInputElement>): void => {
    const [file] = event.currentTarget.files ?? [];
    if (file) take(file);
    event.currentTarget.value = "";
  };
  const dropped = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer?.files ?? [];
    if (file) take(file);
  };
  return (
    <div
      class={over ? "drop drop-over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={dropped}
    >
      <label for={id}>{t("import.file")}</label>
      <input
        id={id}
        type="file"
        accept=".csv,.txt,.xml,text/csv,text/xml,application/xml"
        aria-describedby={`${id}-help`}
        onChange={chosen}
      />
      <p id={`${id}-help`} class="help">
        {name ?? t("import.help")}
      </p>
    </div>
  );
}

const HEADINGS = {
  zh: "单据编号,供应商,金额,开票日期,到期日,币种",
  en: "doc_no,vendor,amount,issue_date,due_date,currency",
} as const;

/** A ledger with headings and no rows, to be filled in. */
function Template(): JSX.Element {
  const write = (): void =>
    download(new Blob([`\ufeff${HEADINGS[locale.value]}\r\n`], { type: "text/csv" }), "cascade-payables.csv");
  return (
    <p>
      <button type="button" class="link" onClick={write}>
        {t("import.template")}
      </button>
    </p>
  );
}

function Findings({ checked }: { checked: Checked }): JSX.Element {
  return (
    <>
      {checked.refused.length > 0 && (
        <section class="block">
          <h2>{t("import.refused")}</h2>
          <DataTable
            caption={t("import.refused")}
            columns={refusalColumns()}
            rows={checked.refused}
            rowKey={(row) => `${row.item} ${row.rule}`}
          />
        </section>
      )}
      {checked.known.length > 0 && (
        <section class="block">
          <h2>{t("import.known")}</h2>
          <DataTable
            caption={t("import.known")}
            columns={[
              ...draftColumns<ImportedItem>(false),
              { key: "collides", label: t("import.collides"), cell: (row) => `${row.file} · ${row.item}` },
            ]}
            rows={checked.known}
            rowKey={(row) => row.id}
          />
        </section>
      )}
      {checked.new.length > 0 && (
        <section class="block">
          <h2>{t("import.new")}</h2>
          <DataTable
            caption={t("import.new")}
            columns={draftColumns<Draft>(true)}
            rows={checked.new}
            rowKey={(row) => row.fingerprint}
          />
        </section>
      )}
    </>
  );
}

function refusalColumns(): Column<ImportRefusal>[] {
  return [
    { key: "item", label: t("import.where"), cell: (row) => row.item },
    { key: "number", label: t("import.number"), cell: (row) => row.number ?? "–" },
    { key: "reason", label: t("import.reason"), cell: (row) => (locale.value === "zh" ? row.reason_zh : row.reason) },
  ];
}

/** `where`: with the place in the file that was chosen. */
function draftColumns<T extends Draft>(where: boolean): Column<T>[] {
  const columns: Column<T>[] = [
    { key: "number", label: t("import.number"), cell: (row) => row.number },
    { key: "seller", label: t("import.seller"), cell: (row) => row.seller_name },
    {
      key: "amount",
      label: t("col.amount"),
      numeric: true,
      cell: (row) => <Money minor={row.payable} currency={currencyNamed(row.currency)} />,
    },
    { key: "due", label: t("col.due"), cell: (row) => <span class="num">{row.due_date ?? "–"}</span> },
  ];
  return where ? [...columns, { key: "item", label: t("import.where"), cell: (row) => row.item }] : columns;
}

function currencyNamed(code: string): Currency | null {
  return status.value?.currencies.find((each) => each.code === code) ?? { ...unnamed(), code };
}

function unnamed(): Currency {
  return currencyOf(null) ?? { id: 0, token: "", code: "", decimals: 2 };
}
