/**
 * What the API answers. Amounts are decimal strings of minor units, dates are business dates (YYYY-MM-DD),
 * instants are ISO 8601 in UTC.
 */

export type Minor = string;
export type BusinessDate = string;
export type Instant = string;

export interface Source {
  tx_hash: string;
  block: number;
  log_index: number;
  time: Instant;
}

export interface PartyName {
  id: number;
  name_zh: string;
  name_en: string;
}

export interface Currency {
  id: number;
  token: string;
  code: string;
  decimals: number;
}

export interface Line {
  currency: string;
  limit: Minor;
  used: Minor;
}

export interface Party {
  id: number;
  credit_code_hash: string;
  roles: string[];
  status: string;
  settlement_account: string;
  overdue_count: number;
  accounts: { address: string; rights: number }[];
  lines: Line[];
  source: Source;
  name_zh: string;
  name_en: string;
}

export interface Receivable {
  id: number;
  debtor: PartyName;
  creditor: PartyName;
  root: number;
  face_value: Minor;
  outstanding: Minor;
  repaid: Minor;
  extinguished: Minor;
  cancelled: Minor;
  currency: Currency;
  delivery_date: BusinessDate | null;
  due_date: BusinessDate | null;
  confirmed_date: BusinessDate | null;
  tier_limit: number;
  grace_days: number;
  overdue_rate_bps: number;
  flags: string[];
  status: string;
  evidence_hash: string;
  fingerprints: string[];
  notes: number;
  deepest_tier: number;
  source: Source;
}

export interface CashLeg {
  kind: string;
  note: number;
  child: number | null;
  payer: PartyName;
  payee: PartyName;
  payer_account: string;
  payee_account: string;
  token: string;
  amount: Minor;
  principal: Minor;
  interest: Minor;
  discount: Minor;
  rate_bps: number | null;
  registry_reference: string | null;
  source: Source;
}

export interface Note {
  id: number;
  parent: number | null;
  receivable: number;
  root: number;
  holder: PartyName;
  tier: number;
  face: Minor;
  value: Minor;
  status: string;
  origin: string;
  financed: boolean;
  lapse_date: BusinessDate | null;
  trade_hash: string | null;
  source: Source;
  accepted: Source | null;
  closed: Source | null;
  cash: CashLeg[];
}

export interface Trace {
  note: number;
  receivable: Receivable;
  path: number[];
  nodes: Note[];
}

export interface FlowTotal {
  kind: string;
  payer: PartyName;
  payee: PartyName;
  amount: Minor;
  legs: number;
}

export interface FundFlow {
  receivable: Receivable;
  legs: CashLeg[];
  totals: FlowTotal[];
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Status {
  index: {
    chain_id: number;
    block: number;
    block_hash: string;
    block_time: Instant;
    head: number;
    lag: number;
    reorgs: number;
    stale: boolean;
  };
  demo: boolean;
  today: BusinessDate;
  featured_note: number | null;
  totals: {
    receivables: number;
    notes: number;
    max_tier: number;
    refused: number;
    financed: Minor;
    cash_paid: Minor;
    repaid: Minor;
    outstanding: Minor;
  };
  currencies: Currency[];
}

export interface SearchResult {
  kind: "note" | "receivable" | "party";
  id: number;
  label_zh: string;
  label_en: string;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  title_zh?: string;
  detail_zh?: string;
}
