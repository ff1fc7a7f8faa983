/** Which acts are on screen where they were done; the others are told of above every view (UnderWay). */
import { computed, signal } from "@preact/signals";
import { nameOf, type Subject, subjects } from "./acts";

const counts = signal<ReadonlyMap<string, number>>(new Map());

export function entered(subject: Subject): void {
  change(subject, 1);
}

export function left(subject: Subject): void {
  change(subject, -1);
}

export const elsewhere = computed(() => subjects.value.filter((one) => (counts.value.get(nameOf(one)) ?? 0) <= 0));

function change(subject: Subject, by: number): void {
  const name = nameOf(subject);
  counts.value = new Map(counts.peek()).set(name, (counts.peek().get(name) ?? 0) + by);
}
