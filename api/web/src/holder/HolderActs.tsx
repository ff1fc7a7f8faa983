import type { JSX } from "preact";
import type { Note, Receivable } from "../api/types";
import { OfferPanel } from "./OfferPanel";

interface Props {
  note: Note;
  receivable: Receivable;
}

/** What the holder of a note can do with it now. */
export function HolderActs({ note, receivable }: Props): JSX.Element | null {
  return note.status === "offered" ? <OfferPanel note={note} receivable={receivable} /> : null;
}
