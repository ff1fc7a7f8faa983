/**
 * What the API answers, named as this page speaks of it; what its reader may not see is null. Amounts are decimal
 * strings of minor units, dates are business dates (YYYY-MM-DD), instants are ISO 8601 in UTC.
 */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Minor = string;
export type BusinessDate = string;
export type Instant = string;

export type Source = Schemas["Source"];
export type PartyName = Schemas["PartyName"];
export type Currency = Schemas["Currency"];
export type Line = Schemas["Line"];
export type Party = Schemas["Party"];
export type Receivable = Schemas["Receivable"];
export type CashLeg = Schemas["CashLeg"];
export type Note = Schemas["Note"];
export type Trace = Schemas["Trace"];
export type FlowTotal = Schemas["FlowTotal"];
export type FundFlow = Schemas["FundFlow"];
export type Status = Schemas["Status"];
export type SearchResult = Schemas["SearchHit"];
export type SearchResults = Schemas["SearchResults"];

export interface Page<T> {
  items: T[];
  next: string | null;
}

/** What of a problem the page tells; the texts are empty where no answer came from the API itself. */
export type Problem = Pick<
  Schemas["Problem"],
  "type" | "status" | "title" | "title_zh" | "detail" | "detail_zh" | "evidence" | "errors"
>;

export type NoteStatus = NonNullable<Note["status"]>;
export type ReceivableStatus = Receivable["status"];
export type AnyStatus = NoteStatus | ReceivableStatus | Party["status"];
export type Role = Party["roles"][number];
export type Me = Schemas["Me"];
export type SignedIn = Schemas["SignedIn"];
export type SignInNonce = Schemas["Nonce"];
export type Enrolment = Schemas["Enrolment"];
export type Provider = Schemas["Provider"];
export type Providers = Schemas["Providers"];
export type Departure = Schemas["Departure"];
export type ProblemTypes = Schemas["ProblemTypes"];
export type SigningKey = Schemas["SigningKey"];
export type ApprovalSummary = Schemas["ApprovalSummary"];
export type Approval = Schemas["Approval"];
export type SignBody = Schemas["SignByWallet"] | Schemas["SignByCode"];
export type Part = SignBody["part"];
export type Operation = Schemas["Operation"];
export type Operations = Schemas["Operations"];
export type DraftedRequests = Schemas["DraftedRequests"];
/** An act as an account that signs outside is asked for it. */
export type OutsideAct = Schemas[Extract<keyof Schemas, `Unsigned${string}`>]["act"];
export type Position = Schemas["Position"];
export type Held = Position["notes"][number];
export type Cash = Position["cash"][number];
export type Deposit = Schemas["Deposit"];
export type RankedQuote = Schemas["RankedQuote"];
export type AskedFor = Schemas["AskedFor"];
export type Claim = Schemas["Claim"];
export type Owed = Schemas["Owed"];
export type Imported = Schemas["Imported"];
export type Checked = Schemas["Checked"];
export type Draft = Schemas["Draft"];
export type ImportedItem = Schemas["Item"];
export type ImportRefusal = Schemas["Refusal"];
export type Planned = Schemas["Planned"];
export type Job = Schemas["Job"];
export type Certificate = Schemas["Certificate"];
export type Report = Schemas["Report"];
export type Alert = Schemas["Alert"];
export type Rules = Schemas["Rules"];
export type AnnouncedChange = Schemas["AnnouncedChange"];
export type Recourse = Schemas["Recourse"];
export type Freeze = Schemas["Freeze"];
export type Reassignment = Schemas["Reassignment"];
export type KeyChange = Schemas["KeyChange"];
export type RecoveryWord = Schemas["RecoveryWord"];
