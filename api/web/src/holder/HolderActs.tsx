import type { JSX } from "preact";
import { status } from "../api/status";
import type { Note, Receivable } from "../api/types";
import { AssignmentPanel } from "../financier/AssignmentPanel";
import { company } from "../state/company";
import { Arrived } from "./Arrived";
import { OfferPanel } from "./OfferPanel";
import { SellPanel } from "./SellPanel";
import { SplitPanel } from "./SplitPanel";

export interface HolderProps {
  note: Note;
  receivable: Receivable;
}

/** What the holder of a note can do with it now, and the money that it has brought. */
export function HolderActs({ note, receivable }: HolderProps): JSX.Element {
  const today = status.value?.today ?? "";
  const movable = note.status === "held" && receivable.due_date !== null && today < receivable.due_date;
  return (
    <>
      {note.status === "offered" && <OfferPanel note={note} receivable={receivable} />}
      {movable && <SellPanel note={note} receivable={receivable} />}
      {movable && !note.financed && <SplitPanel note={note} receivable={receivable} />}
      {note.origin === "sale" && note.status !== "spent" && <AssignmentPanel note={note} receivable={receivable} />}
      <Arrived legs={note.cash.filter((leg) => leg.payee.id === company.value)} currency={receivable.currency} />
    </>
  );
}
