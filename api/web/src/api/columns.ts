/** What the API answers by columns: docs/insight.md, "By columns". */
export const COLUMNS = "application/vnd.cascade.columns+json";

type Packed = Record<string, unknown>;
type Row = Record<string, unknown>;

/** The answer that it stands for; what stands there more than once is one object. */
export function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return typeof value[0] === "object" ? value.map(unpack) : value;
  if (typeof value !== "object" || value === null) return value;
  const packed = value as Packed;
  if ("$rows" in packed) return rowsOf(packed["$rows"] as number, packed["$columns"] as Packed);
  if ("$at" in packed) {
    const each = unpack(packed["$of"]) as unknown[];
    return (packed["$at"] as (number | null)[]).map((place) => (place === null ? null : each[place]));
  }
  if ("$lengths" in packed) {
    const all = unpack(packed["$of"]) as unknown[];
    let end = 0;
    return (packed["$lengths"] as number[]).map((length) => all.slice(end, (end += length)));
  }
  return Object.fromEntries(Object.entries(packed).map(([name, part]) => [name, unpack(part)]));
}

function rowsOf(count: number, columns: Packed): Row[] {
  const names = Object.keys(columns);
  // A copy of one object has its shape from the start: a fifth of the time that it takes to grow.
  const empty = Object.fromEntries(names.map((name) => [name, null]));
  const rows: Row[] = Array.from({ length: count }, () => ({ ...empty }));
  for (const name of names) {
    const values = unpack(columns[name]) as unknown[];
    rows.forEach((row, at) => (row[name] = values[at]));
  }
  return rows;
}
