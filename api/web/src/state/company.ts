import { computed, signal } from "@preact/signals";
import { useResource } from "../api/resource";
import type { Party } from "../api/types";
import { me } from "./session";

/** The party of the network operator's own people. */
export const OPERATOR = 0;

const PLACE = "cascade.company";

/** Where nobody signs in, whoever sits there chooses for whom to act. */
const chosen = signal<number | null>(remembered());

/** The company for which the page acts: that of the person who is signed in; null for onlookers and the operator. */
export const company = computed<number | null>(() => {
  if (me.value?.means === "local") return chosen.value;
  return me.value === null || me.value.party === OPERATOR ? null : me.value.party;
});

/** Whether the reader may do what its company does, rather than look on. */
export const mayAct = computed(
  () => company.value !== null && (me.value?.means === "local" || me.value?.roles.some((role) => role !== "viewer")),
);

/** Whether nobody signs in, so that one may act for any company. */
export const mayChoose = computed(() => me.value?.means === "local");

/** Whether the reader may do what the network's operator does. */
export const operates = computed(
  () =>
    me.value?.means === "local" || (me.value?.party === OPERATOR && me.value.roles.some((role) => role !== "viewer")),
);

export function actFor(party: number | null): void {
  chosen.value = party;
  try {
    if (party === null) sessionStorage.removeItem(PLACE);
    else sessionStorage.setItem(PLACE, String(party));
  } catch {
    return; // storage refused by the browser: the choice then lasts as long as the page
  }
}

/** The company for which the page acts, as its people see it. */
export function useCompany(): Party | null {
  const party = company.value;
  return useResource<Party>(party === null ? null : `/parties/${party}`).data;
}

/** Whether the reader is shown everything of everybody: auditors are, and whoever sits there where nobody signs in. */
export function useSeesAll(): boolean {
  const own = useCompany();
  return mayChoose.value || (own?.roles.includes("auditor") ?? false);
}

function remembered(): number | null {
  try {
    return Number(sessionStorage.getItem(PLACE)) || null;
  } catch {
    return null;
  }
}
