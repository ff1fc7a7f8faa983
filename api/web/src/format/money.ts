import type { Currency, Minor } from "../api/types";
import type { Locale } from "../state/preferences";

const TAGS: Readonly<Record<Locale, string>> = { zh: "zh-CN", en: "en" };

/** Minor units (a decimal string) as grouped digits with exactly `decimals` places; never through a float. */
export function formatMinor(minor: Minor, decimals: number): string {
  const value = BigInt(minor);
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  const fraction = decimals > 0 ? `.${digits.slice(-decimals)}` : "";
  return `${value < 0n ? "\u2212" : ""}${whole}${fraction}`;
}

export function formatMoney(minor: Minor, currency: Currency | null, locale: Locale): string {
  if (currency === null) return formatMinor(minor, 2);
  return `${symbolOf(currency.code, locale)}${formatMinor(minor, currency.decimals)}`;
}

/** An amount as it is typed, without grouping: 1234.50. */
export function typedMinor(minor: bigint, decimals: number): string {
  return formatMinor(minor.toString(), decimals).replaceAll(",", "");
}

/**
 * What a person typed as minor units: 1,234.5 or １２３４．５ → 123450. Null where it is no amount, or finer than the currency.
 */
export function parseMinor(typed: string, decimals: number): bigint | null {
  const plain = typed.normalize("NFKC").replace(/[\s,，]/g, "");
  const match = /^(\d{1,20})(?:[.。](\d*))?$/.exec(plain);
  const [, whole, fraction = ""] = match ?? [];
  if (whole === undefined || fraction.length > decimals) return null;
  return BigInt(whole + fraction.padEnd(decimals, "0"));
}

const symbols = new Map<string, string>();

function symbolOf(code: string, locale: Locale): string {
  const key = `${locale} ${code}`;
  const known = symbols.get(key) ?? lookUpSymbol(code, locale);
  symbols.set(key, known);
  return known;
}

function lookUpSymbol(code: string, locale: Locale): string {
  try {
    const format = new Intl.NumberFormat(TAGS[locale], {
      style: "currency",
      currency: code,
      currencyDisplay: "narrowSymbol",
    });
    const symbol = format.formatToParts(0n).find((part) => part.type === "currency")?.value ?? code;
    return symbol.length > 1 ? `${symbol}\u00a0` : symbol;
  } catch {
    return `${code}\u00a0`; // not an ISO 4217 code
  }
}

export function sum(amounts: Iterable<Minor>): bigint {
  let total = 0n;
  for (const amount of amounts) total += BigInt(amount);
  return total;
}

/** Null as soon as one of them is. */
export function sumOfAll(amounts: readonly (Minor | null)[]): bigint | null {
  const known = amounts.filter((amount) => amount !== null);
  return known.length === amounts.length ? sum(known) : null;
}

/** Basis points as a percentage with two places: 425 → "4.25%". */
export function formatRate(bps: number): string {
  return `${formatMinor(String(bps), 2)}%`;
}

export function formatCount(count: number): string {
  return formatMinor(String(count), 0);
}

/** part / whole as a number from 0 to 1, for lengths on screen only. */
export function share(part: bigint, whole: bigint): number {
  return whole > 0n ? Number((part * 1_000_000n) / whole) / 1_000_000 : 0;
}
