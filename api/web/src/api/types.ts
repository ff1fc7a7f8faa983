/**
 * What the API answers, named as this page speaks of it. Amounts are decimal strings of minor units, dates are business
 * dates (YYYY-MM-DD), instants are ISO 8601 in UTC.
 */
import type { components } from "./schema";

type Schemas = components["schemas"];

/** What the API shows to whoever sees all, as this page's reader does: of the fields only those named stay nullable. */
type Whole<T, Nullable extends keyof T = never> = { [K in keyof T]: K extends Nullable ? T[K] : NonNullable<T[K]> };

export type Minor = string;
export type BusinessDate = string;
export type Instant = string;

export type Source = Schemas["Source"];
export type PartyName = Schemas["PartyName"];
export type Currency = Schemas["Currency"];
export type Line = Schemas["Line"];
export type Party = Whole<Schemas["Party"]>;
export type Receivable = Whole<Schemas["Receivable"], "delivery_date" | "due_date" | "confirmed_date">;
export type CashLeg = Schemas["CashLeg"];
export type Note = Whole<Schemas["Note"], "parent" | "lapse_date" | "trade_hash" | "accepted" | "closed">;
export type Trace = Omit<Schemas["Trace"], "receivable" | "nodes"> & { receivable: Receivable; nodes: Note[] };
export type FlowTotal = Schemas["FlowTotal"];
export type FundFlow = Omit<Schemas["FundFlow"], "receivable"> & { receivable: Receivable };
export type Status = Whole<Schemas["Status"], "featured_note">;
export type SearchResult = Schemas["SearchHit"];
export type SearchResults = Schemas["SearchResults"];

export interface Page<T> {
  items: T[];
  next: string | null;
}

/** What of a problem the page tells; the texts are empty where no answer came from the API itself. */
export type Problem = Pick<Schemas["Problem"], "type" | "status" | "title" | "title_zh" | "detail" | "detail_zh">;

export type NoteStatus = Note["status"];
export type ReceivableStatus = Receivable["status"];
export type AnyStatus = NoteStatus | ReceivableStatus | Party["status"];
export type Role = Party["roles"][number];
