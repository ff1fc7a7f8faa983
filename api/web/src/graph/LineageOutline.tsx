import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { dateOf } from "../format/dates";
import { t } from "../i18n";
import type { Card } from "../ledger/lineage";
import { CardBody, CoreBody, edgeText, placeOf } from "./CardBody";
import { GroupActs } from "./GroupActs";
import { CORE, type LineageProps } from "./stage-types";

/** Siblings shown before "more" is asked for. */
const SHOWN = 12;

/** The same tree on a narrow screen: top to bottom, indented by step, the line in focus first. */
export function LineageOutline(props: LineageProps): JSX.Element {
  const { lineage, receivable, highlight, selected, select } = props;
  return (
    <nav class="outline" aria-label={t("stage.outline")}>
      <button
        type="button"
        class={`card card-core${highlight.core ? " lit" : ""}`}
        aria-pressed={selected === CORE}
        onClick={() => select(CORE)}
      >
        <CoreBody receivable={receivable} />
      </button>
      <Branch cards={[lineage.root]} {...props} />
    </nav>
  );
}

function Branch({ cards, ...props }: LineageProps & { cards: readonly Card[] }): JSX.Element {
  const [shown, setShown] = useState(SHOWN);
  return (
    <ul>
      {cards.slice(0, shown).map((card) => (
        <li key={card.key} class={isLit(card, props) ? "lit" : undefined}>
          <button
            type="button"
            data-key={card.key}
            class={`card${isLit(card, props) ? " lit" : ""}${card.sales > 0 ? " card-sale" : ""}`}
            aria-pressed={props.selected === card.key}
            onClick={() => props.select(card.key)}
          >
            <CardBody card={card} receivable={props.receivable} />
            <span class="card-foot">
              <span aria-hidden="true">{placeOf(card)} · </span>
              {edgeText(card).date || dateOf(card.notes[0]?.source.time ?? "")}
            </span>
          </button>
          <GroupActs card={card} groups={props.groups} />
          {card.children.length > 0 && <Branch {...props} cards={card.children} />}
        </li>
      ))}
      {cards.length > shown && (
        <li>
          <button type="button" class="button quiet" onClick={() => setShown(shown + SHOWN * 4)}>
            {t("stage.more", { n: Math.min(SHOWN * 4, cards.length - shown) })}
          </button>
        </li>
      )}
    </ul>
  );
}

function isLit(card: Card, { highlight }: LineageProps): boolean {
  return card.notes.some((note) => highlight.notes.has(note.id));
}
