import type { Currency, Minor } from "../api/types";

export interface Sum {
  currency: Currency;
  count: number;
  amount: bigint;
}

/** Amounts by currency, in the order of their first coming. */
export function sumsOf<T>(rows: readonly T[], of: (row: T) => { currency: Currency; amount: Minor }): Sum[] {
  const sums = new Map<number, Sum>();
  for (const row of rows) {
    const { currency, amount } = of(row);
    const known = sums.get(currency.id) ?? { currency, count: 0, amount: 0n };
    sums.set(currency.id, { currency, count: known.count + 1, amount: known.amount + BigInt(amount) });
  }
  return [...sums.values()];
}
