import { computed, signal } from "@preact/signals";

/**
 * Routes live in the hash, so the server needs one page only, and all that is chosen on screen (tab, table, selected
 * note, step) is in the query part: an address can be handed to somebody else and shows the same.
 */
export type RouteName =
  | "story"
  | "overview"
  | "receivables"
  | "notes"
  | "parties"
  | "holdings"
  | "desk"
  | "portfolio"
  | "approvals"
  | "payables"
  | "certificate"
  | "network"
  | "enrol"
  | "receivable"
  | "note"
  | "party";

export interface Route {
  name: RouteName | "missing";
  id: number | null;
  query: URLSearchParams;
}

const LISTS: readonly RouteName[] = [
  "overview",
  "receivables",
  "notes",
  "parties",
  "holdings",
  "desk",
  "portfolio",
  "approvals",
  "payables",
  "certificate",
  "network",
  "enrol",
];
const ENTITIES: Readonly<Record<string, RouteName>> = { receivables: "receivable", notes: "note", parties: "party" };
const FOLDERS: Readonly<Partial<Record<RouteName, string>>> = {
  receivable: "receivables",
  note: "notes",
  party: "parties",
};

export function parse(hash: string): Route {
  const [path = "", search = ""] = hash.replace(/^#/, "").split("?", 2);
  const query = new URLSearchParams(search);
  const [first = "", second] = path.split("/").filter(Boolean);
  if (first === "") return { name: "story", id: null, query };
  const entity = ENTITIES[first];
  if (second !== undefined) {
    const known = entity !== undefined && /^\d{1,15}$/.test(second);
    return known ? { name: entity, id: Number(second), query } : { name: "missing", id: null, query };
  }
  const list = LISTS.find((name) => name === first);
  return { name: list ?? "missing", id: null, query };
}

export type Query = Record<string, string | number | null | undefined>;

/** The address of a view, for links. */
export function href(name: RouteName, id: number | null = null, query: Query = {}): string {
  const folder = FOLDERS[name];
  const path = name === "story" ? "/" : folder ? `/${folder}/${id ?? ""}` : `/${name}`;
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") params.set(key, String(value));
  }
  const text = params.toString();
  return `#${path}${text ? `?${text}` : ""}`;
}

const hash = signal(location.hash);
addEventListener("hashchange", () => (hash.value = location.hash));

export const route = computed<Route>(() => parse(hash.value));

export function navigate(to: string): void {
  location.hash = to;
}

/** Changes query values of the present view without a new entry in the browser's history. */
export function setQuery(changes: Query): void {
  const present = route.peek();
  const query: Query = Object.fromEntries(present.query);
  const name = present.name === "missing" ? "story" : present.name;
  history.replaceState(null, "", href(name, present.id, { ...query, ...changes }));
  hash.value = location.hash;
}
