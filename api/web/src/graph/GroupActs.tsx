import type { JSX } from "preact";
import { t } from "../i18n";
import type { Card } from "../ledger/lineage";
import type { Groups } from "./stage-types";

/** The way into a group, and back into the one that a card came out of. */
export function GroupActs({ card, groups }: { card: Card; groups: Groups }): JSX.Element | null {
  const within = card.notes.length > 1;
  if (!within && card.out === null) return null;
  return (
    <span class="group-acts">
      {within && (
        <button type="button" class="button quiet" onClick={() => groups.open(card)}>
          {t("stage.openGroup", { n: card.notes.length })}
        </button>
      )}
      {card.out !== null && (
        <button type="button" class="button quiet" onClick={() => groups.close(card)}>
          {t("stage.closeGroup")}
        </button>
      )}
    </span>
  );
}
