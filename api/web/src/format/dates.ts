import type { BusinessDate, Instant } from "../api/types";

/** The business zone is UTC+8 wherever the reader is. */
const ZONE_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

function inZone(instant: Instant): string {
  return new Date(Date.parse(instant) + ZONE_MS).toISOString();
}

/** The business date of an instant. */
export function dateOf(instant: Instant): BusinessDate {
  return inZone(instant).slice(0, 10);
}

/** "2026-03-12 14:03:22", in the business zone. */
export function formatInstant(instant: Instant): string {
  return inZone(instant).slice(0, 19).replace("T", " ");
}

/** "03-12", for tight places beside a full date. */
export function shortDate(date: BusinessDate): string {
  return date.slice(5);
}

/** Whole days since 1970-01-01, for positions on a time axis. */
export function dayNumber(date: BusinessDate): number {
  return Math.round(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
}

/** The business date of a day number. */
export function dateOfDay(day: number): BusinessDate {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

export function daysBetween(from: BusinessDate, to: BusinessDate): number {
  return dayNumber(to) - dayNumber(from);
}
