import type { JSX } from "preact";
import { status } from "../api/status";
import type { BusinessDate } from "../api/types";
import { daysBetween } from "../format/dates";
import { t } from "../i18n";

/** A due day, and how far it is from today by the ledger's clock. */
export function DueIn({ date }: { date: BusinessDate }): JSX.Element {
  const days = daysBetween(status.value?.today ?? date, date);
  const words =
    days > 0 ? t("holdings.in", { n: days }) : days === 0 ? t("holdings.now") : t("holdings.past", { n: -days });
  return (
    <span>
      <span class="num">{date}</span> <span class="muted">{words}</span>
    </span>
  );
}
