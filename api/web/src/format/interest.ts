/** Simple interest, ACT/360 on whole days, rounded as the contracts round it (docs/adr/0002, api/domain/interest.py). */

/** Basis points times the days of the year convention. */
const BASIS = 10_000n * 360n;

/** What a buyer deducts of `face`, rounded up. */
export function discountUp(face: bigint, bps: bigint, days: bigint): bigint {
  return (face * bps * days + BASIS - 1n) / BASIS;
}

/** Cash for `face` so many days before it is due. */
export function priceDown(face: bigint, bps: bigint, days: bigint): bigint {
  return face - discountUp(face, bps, days);
}

/** The highest rate at which `face` still costs `price` or more. Null where no rate does: nothing is left to wait, or it costs more than face. */
export function rateOfPrice(face: bigint, price: bigint, days: bigint): bigint | null {
  if (face <= 0n || days <= 0n || price > face || price < 0n) return null;
  return ((face - price) * BASIS) / (face * days);
}

/** What the cash laid out brings a year, in basis points, rounded to the nearest. Null where nothing is laid out, or no time passes. */
export function yieldOfRate(face: bigint, bps: bigint, days: bigint): bigint | null {
  const price = priceDown(face, bps, days);
  if (price <= 0n || days <= 0n) return null;
  return nearest((face - price) * BASIS, price * days);
}

/** The rate, to the nearest basis point, at which the cash laid out brings so much a year. */
export function rateOfYield(yieldBps: bigint, days: bigint): bigint {
  return nearest(yieldBps * BASIS, BASIS + yieldBps * days);
}

function nearest(part: bigint, whole: bigint): bigint {
  return (2n * part + whole) / (2n * whole);
}
