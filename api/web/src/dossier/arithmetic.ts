const ZONE_OFFSET = 8n * 3600n;
/** Basis points times the days of the year convention (ACT/360). */
export const BASIS = 10_000n * 360n;

export function floorDiv(value: bigint, by: bigint): bigint {
  const found = value / by;
  return value % by !== 0n && value < 0n !== by < 0n ? found - 1n : found;
}

/** The business day (UTC+8, since 1970-01-01) of a Unix time in seconds. */
export function dayOf(time: bigint): bigint {
  return (time + ZONE_OFFSET) / 86_400n;
}

/** Cash for `amount` of face value `days` before it is due, minor units: what a buyer deducts is rounded up. */
export function priceDown(amount: bigint, rateBps: bigint, days: bigint): bigint {
  return amount + floorDiv(-amount * rateBps * days, BASIS);
}
