import { locale } from "../state/preferences";
import { facts } from "./facts";
import type { Refused } from "./refused";

/** A refusal as a sentence in the reader's language, as `scf check` says it. */
export function told({ rule, evidence }: Refused): string {
  const known = facts.refusals[rule];
  if (!known) return rule;
  const [title, detail] = known[locale.value];
  const filled = detail.replace(/\{(\w+)\}/g, (_, name: string) => evidence[name] ?? "");
  return [title, filled].filter(Boolean).join(locale.value === "zh" ? "：" : ": ");
}
