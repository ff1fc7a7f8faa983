import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { ActForm } from "../acts/ActForm";
import { useAct } from "../acts/useAct";
import { useResource } from "../api/resource";
import type { Freeze, Note, Page, Reassignment, Receivable } from "../api/types";
import { type Column, DataTable } from "../components/DataTable";
import { Facts } from "../components/Facts";
import { Field } from "../components/Form";
import { Reading } from "../components/states";
import { Hash, Money, NoteLink, PartyLink, partyName } from "../components/values";
import { formatInstant } from "../format/dates";
import { parseMinor } from "../format/money";
import { t } from "../i18n";
import { company, mayAct, useCompany } from "../state/company";
import { FileHash } from "./FileHash";

const SHOWN = 500;

/** Notes that an order holds, and what orders give away; an arbiter freezes more, releases, and gives. */
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
          <Reassign frozen={freezes.data?.items ?? []} />
        </>
      )}
      <Reassignments arbiter={Boolean(mayAct.value && own?.roles.includes("arbiter"))} />
    </section>
  );
}

/** Value of a frozen note is given to whom the order names: two of the arbiter's people, and after a delay. */
function Reassign({ frozen }: { frozen: readonly Freeze[] }): JSX.Element {
  const acting = useAct<"to" | "amount">(
    { name: "reassign", about: "" },
    { to: ["to", "unknown-party", "self-transfer"], amount: ["amount", "value-exceeded", "zero-amount"] },
  );
  const [note, setNote] = useState("");
  const [to, setTo] = useState("");
  const [typed, setTyped] = useState("");
  const [order, setOrder] = useState<string | null>(null);
  const chosen = frozen.find((one) => String(one.note) === note)?.note ?? frozen[0]?.note ?? null;
  const of = useResource<Note>(chosen === null ? null : `/notes/${chosen}`).data;
  const debt = useResource<Receivable>(of === null ? null : `/receivables/${of.receivable}`).data;
  const selecting = useId();
  if (chosen === null) return <></>;
  return (
    <>
      <h3>{t("reassign.title")}</h3>
      <ActForm
        acting={acting}
        label={t("reassign.submit")}
        act={() => {
          const amount = debt === null ? null : parseMinor(typed, debt.currency.decimals);
          if (order === null || amount === null) return null;
          const about = { party: company.value, note: chosen, to: Number(to) };
          const body = { ...about, amount: `${amount}`, order_hash: order };
          return { path: "/reassignments", body, outside: "reassign" };
        }}
      >
        <p class="help">{t("reassign.help")}</p>
        <p class="field">
          <label for={selecting}>{t("reassign.note")}</label>
          <select id={selecting} value={String(chosen)} onChange={(event) => setNote(event.currentTarget.value)}>
            {frozen.map((one) => (
              <option key={one.note}>{one.note}</option>
            ))}
          </select>
          <span class="help">
            {t("reassign.has")} <Money minor={of?.value ?? null} currency={debt?.currency ?? null} />
          </span>
        </p>
        <Field
          label={t("reassign.to")}
          value={to}
          error={acting.wrong("to")}
          inputMode="numeric"
          pattern="[0-9]+"
          autocomplete="off"
          change={setTo}
        />
        <Field
          label={t("reassign.amount")}
          value={typed}
          error={acting.wrong("amount")}
          inputMode="decimal"
          autocomplete="off"
          change={setTyped}
        />
        <FileHash label={t("freezes.order")} help={t("operate.reasonHelp")} change={setOrder} />
      </ActForm>
    </>
  );
}

function Reassignments({ arbiter }: { arbiter: boolean }): JSX.Element | null {
  const items = useResource<Page<Reassignment>>(`/reassignments?limit=${SHOWN}`).data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <>
      <h3>{t("reassign.waiting")}</h3>
      <ul class="plain">
        {items.map((one) => (
          <li key={one.id}>
            <Waiting one={one} arbiter={arbiter} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Waiting({ one, arbiter }: { one: Reassignment; arbiter: boolean }): JSX.Element {
  const execute = useAct({ name: "executeReassignment", about: one.id });
  const cancel = useAct({ name: "cancelReassignment", about: one.id });
  const [order, setOrder] = useState<string | null>(null);
  const body = { party: company.value, reassignment: one.id };
  const ready = one.status === "ready";
  return (
    <>
      <Facts
        facts={[
          { label: t("col.note"), value: <NoteLink id={one.note} /> },
          { label: t("reassign.to"), value: <PartyLink party={one.to} /> },
          { label: t("reassign.amount"), value: <Money minor={one.amount} currency={one.currency} /> },
          { label: t("freezes.arbiter"), value: partyName(one.arbiter) },
          { label: t("freezes.hash"), value: <Hash value={one.order_hash} what={t("freezes.hash")} /> },
          {
            label: t(ready ? "rules.readySince" : "rules.readyFrom"),
            value: <time dateTime={one.ready_at}>{formatInstant(one.ready_at)}</time>,
          },
        ]}
      />
      {arbiter && ready && (
        <ActForm
          acting={execute}
          label={t("reassign.execute")}
          act={() => ({ path: "/reassignments/execute", body, outside: "execute_reassignment" })}
        />
      )}
      {arbiter && (
        <details class="more">
          <summary>{t("reassign.cancel")}</summary>
          <ActForm
            acting={cancel}
            label={t("reassign.cancel")}
            act={() =>
              order === null
                ? null
                : {
                    path: "/reassignments/cancel",
                    body: { ...body, order_hash: order },
                    outside: "cancel_reassignment",
                  }
            }
          >
            <FileHash label={t("freezes.order")} help={t("operate.reasonHelp")} change={setOrder} />
          </ActForm>
        </details>
      )}
    </>
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
