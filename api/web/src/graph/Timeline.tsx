import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { BusinessDate, Note, Receivable } from "../api/types";
import { status } from "../api/status";
import { type Column, DataTable } from "../components/DataTable";
import { Empty } from "../components/states";
import { Money, NoteLink, partyName, PartyLink } from "../components/values";
import { daysBetween } from "../format/dates";
import { t } from "../i18n";
import { type Axis, axisOf, type Holding, holdingsOf } from "../ledger/holdings";

interface Props {
  notes: readonly Note[];
  receivable: Receivable;
  form: "graph" | "table";
  lit: ReadonlySet<number>;
}

const ROWS = 40;

/** Confirmed, due, repaid: one line for every note that pays at maturity. */
export function Timeline({ notes, receivable, form, lit }: Props): JSX.Element {
  const [shown, setShown] = useState(ROWS);
  const today = status.value?.today ?? null;
  const holdings = useMemo(() => holdingsOf(notes), [notes]);
  const axis = useMemo(() => axisOf(receivable, holdings, today), [receivable, holdings, today]);
  if (holdings.length === 0) return <Empty title={t("time.none")} />;
  if (form === "table") {
    return (
      <DataTable
        caption={t("time.label")}
        columns={columns(receivable, today)}
        rows={holdings}
        rowKey={(row) => row.note.id}
        lit={(row) => lit.has(row.note.id)}
      />
    );
  }
  return (
    <>
      <Lines rows={holdings.slice(0, shown)} axis={axis} receivable={receivable} today={today} lit={lit} />
      {holdings.length > shown && (
        <button type="button" class="button quiet" onClick={() => setShown(shown + ROWS * 5)}>
          {t("stage.more", { n: Math.min(ROWS * 5, holdings.length - shown) })}
        </button>
      )}
    </>
  );
}

/** "3 days early", "12 days to go": the repayment, or today, against the due date. */
function against(holding: Holding, due: BusinessDate | null, today: BusinessDate | null): string {
  const date = holding.repaidOn ?? today;
  if (due === null || date === null) return holding.repaidOn ? "" : t("time.open");
  const late = daysBetween(due, date);
  const n = Math.abs(late);
  if (holding.repaidOn === null) return late > 0 ? t("time.overdue", { n }) : t("time.waiting", { n });
  if (late === 0) return t("time.onTime");
  return late > 0 ? t("time.late", { n }) : t("time.early", { n });
}

interface LinesProps {
  rows: readonly Holding[];
  axis: Axis;
  receivable: Receivable;
  today: BusinessDate | null;
  lit: ReadonlySet<number>;
}

function Lines({ rows, axis, receivable, today, lit }: LinesProps): JSX.Element {
  const due = receivable.due_date;
  return (
    <div class="timeline">
      <ul class="legend" aria-hidden="true">
        <li>
          <Sign name="held" /> {t("time.created")}
        </li>
        <li>
          <Sign name="finance" /> {t("time.financed")}
        </li>
        <li>
          <Sign name="repayment" /> {t("time.repaid")}
        </li>
        <li>
          <Sign name="open" /> {t("time.open")}
        </li>
      </ul>
      <div class="time-row time-head" aria-hidden="true">
        <span />
        <svg class="time-track">
          <text x="0" y="12" text-anchor="start">
            {t("time.confirmed")} {axis.from}
          </text>
          {due && (
            <text x={`${axis.at(due)}%`} y="12" text-anchor={axis.at(due) > 75 ? "end" : "middle"}>
              {t("time.due")} {due}
            </text>
          )}
        </svg>
        <span />
      </div>
      <ul class="time-rows" aria-label={t("time.label")}>
        {rows.map((row) => (
          <li key={row.note.id} class={`time-row${lit.has(row.note.id) ? " lit" : ""}`}>
            <span class="time-who">
              <NoteLink id={row.note.id} /> <PartyLink party={row.note.holder} />
            </span>
            <Track holding={row} axis={axis} due={due} today={today} />
            <span class="time-what">
              <strong>
                <Money minor={row.amount} currency={receivable.currency} />
              </strong>
              <span>
                {row.repaidOn ? `${t("time.repaid")} ${row.repaidOn} · ` : ""}
                {against(row, due, today)}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

type SignName = "held" | "finance" | "repayment" | "open";

const SIGNS: Readonly<Record<SignName, string>> = {
  held: "M0-5.5V5.5",
  finance: "M0-6 6 0 0 6-6 0Z",
  repayment: "M0-5.5A5.5 5.5 0 1 1 0 5.5 5.5 5.5 0 1 1 0-5.5Z",
  open: "M0-5A5 5 0 1 1 0 5 5 5 0 1 1 0-5Z",
};

function Sign({ name }: { name: SignName }): JSX.Element {
  return (
    <svg class="time-sign" width="14" height="14" viewBox="-7 -7 14 14">
      <path class={`sign-${name}`} d={SIGNS[name]} />
    </svg>
  );
}

/** Positions are percentages, so the track follows its column without being measured. */
function Track(props: {
  holding: Holding;
  axis: Axis;
  due: BusinessDate | null;
  today: BusinessDate | null;
}): JSX.Element {
  const { holding, axis, due, today } = props;
  const start = axis.at(holding.since);
  const end = axis.at(holding.repaidOn ?? today ?? axis.to);
  const signs: [SignName, number][] = [
    [holding.bought ? "finance" : "held", start],
    [holding.repaidOn ? "repayment" : "open", end],
  ];
  return (
    <svg class="time-track" aria-hidden="true" focusable="false">
      <line class="time-base" x1="0" x2="100%" y1="50%" y2="50%" />
      {due && <line class="time-due" x1={`${axis.at(due)}%`} x2={`${axis.at(due)}%`} y1="0" y2="100%" />}
      <line class="time-span" x1={`${start}%`} x2={`${end}%`} y1="50%" y2="50%" />
      {signs.map(([name, at]) => (
        <svg key={name} x={`${at}%`} y="50%" overflow="visible">
          <path class={`sign-${name}`} d={SIGNS[name]} />
        </svg>
      ))}
    </svg>
  );
}

function columns(receivable: Receivable, today: BusinessDate | null): Column<Holding>[] {
  return [
    { key: "note", label: t("col.note"), cell: (row) => <NoteLink id={row.note.id} /> },
    { key: "holder", label: t("col.holder"), cell: (row) => partyName(row.note.holder) },
    {
      key: "face",
      label: t("col.principal"),
      numeric: true,
      cell: (row) => <Money minor={row.amount} currency={receivable.currency} />,
    },
    { key: "confirmed", label: t("time.confirmed"), cell: () => <span class="num">{receivable.confirmed_date}</span> },
    { key: "since", label: t("time.created"), cell: (row) => <span class="num">{row.since}</span> },
    { key: "due", label: t("col.due"), cell: () => <span class="num">{receivable.due_date}</span> },
    { key: "repaid", label: t("col.repaid"), cell: (row) => <span class="num">{row.repaidOn ?? "–"}</span> },
    { key: "days", label: t("col.days"), cell: (row) => against(row, receivable.due_date, today) },
  ];
}
