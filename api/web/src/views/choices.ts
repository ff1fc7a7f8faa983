import type { Form, Scope, TabName } from "../graph/Stage";
import { STEPS } from "../ledger/story";

const TABS: readonly TabName[] = ["lineage", "flow", "timeline"];

export function tabOf(query: URLSearchParams): TabName {
  return TABS.find((tab) => tab === query.get("tab")) ?? "lineage";
}

export function formOf(query: URLSearchParams): Form {
  return query.get("form") === "table" ? "table" : "graph";
}

export function scopeOf(query: URLSearchParams): Scope | null {
  const scope = query.get("scope");
  return scope === "line" || scope === "tree" ? scope : null;
}

export function stepOf(query: URLSearchParams): number {
  const step = Number(query.get("step"));
  return step >= 1 && step <= STEPS ? Math.floor(step) : 1;
}
