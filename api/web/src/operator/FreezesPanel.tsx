import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ActForm } from "../acts/ActForm";
import { useAct } from "../acts/useAct";
import { useResource } from "../api/resource";
import type { Freeze, Page } from "../api/types";
import { type Column, DataTable } from "../components/DataTable";
import { Field } from "../components/Form";
import { Reading } from "../components/states";
import { Hash, NoteLink, partyName } from "../components/values";
import { t } from "../i18n";
import { company, mayAct, useCompany } from "../state/company";
import { FileHash } from "./FileHash";

const SHOWN = 500;

/** Notes that an order holds; an arbiter freezes more, and releases. */
export function FreezesPanel(): JSX.Element {
  const freezes = useResource<Page<Freeze>>(`/freezes?limit=${SHOWN}`);
  const own = useCompany();
  return (
    <section class="panel" aria-labelledby="freezes">
      <h2 id="freezes">{t("freezes.title")}</h2>
      <Reading from={freezes}>
        {({ items }) =>
          items.length === 0 ? (
            <p>{t("freezes.none")}</p>
          ) : (
            <DataTable caption={t("freezes.title")} columns={columns()} rows={items} rowKey={({ note }) => note} />
          )
        }
      </Reading>
      {mayAct.value && own?.roles.includes("arbiter") && (
        <>
          <Order name="freeze" />
          <Order name="release" />
        </>
      )}
    </section>
  );
}

function Order({ name }: { name: "freeze" | "release" }): JSX.Element {
  const acting = useAct<"note">({ name, about: "" }, { note: ["notes[0]", "not-freezable", "note-not-frozen"] });
  const [note, setNote] = useState("");
  const [order, setOrder] = useState<string | null>(null);
  return (
    <>
      <h3>{t(`freezes.${name}`)}</h3>
      <ActForm
        acting={acting}
        label={t(`freezes.${name}`)}
        act={() => {
          if (order === null) return null;
          const body = { party: company.value, notes: [Number(note)], order_hash: order };
          return { path: `/notes/${name}`, body, outside: name };
        }}
      >
        <Field
          label={t("freezes.note")}
          value={note}
          error={acting.wrong("note")}
          inputMode="numeric"
          pattern="[0-9]+"
          autocomplete="off"
          change={setNote}
        />
        <FileHash label={t("freezes.order")} help={t("operate.reasonHelp")} change={setOrder} />
      </ActForm>
    </>
  );
}

function columns(): Column<Freeze>[] {
  return [
    { key: "note", label: t("col.note"), cell: ({ note }) => <NoteLink id={note} /> },
    { key: "arbiter", label: t("freezes.arbiter"), cell: ({ arbiter }) => partyName(arbiter) },
    {
      key: "order",
      label: t("freezes.hash"),
      cell: ({ order_hash }) => <Hash value={order_hash} what={t("freezes.hash")} />,
    },
  ];
}
