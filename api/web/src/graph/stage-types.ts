import type { Receivable } from "../api/types";
import type { Card, Lineage } from "../ledger/lineage";
import type { Highlight } from "../ledger/story";

/** The core enterprise's card; every other card is chosen by its key. */
export const CORE = "core";

/** What the forms of a lineage (graph, outline, table) need alike. */
export interface LineageProps {
  lineage: Lineage;
  receivable: Receivable;
  highlight: Highlight;
  selected: string;
  select: (key: string) => void;
  groups: Groups;
}

/** Walking into groups of notes, and out again. */
export interface Groups {
  /** Draws a group as what it consists of. */
  open: (card: Card) => void;
  /** Draws the group again that was opened to show a card. */
  close: (card: Card) => void;
}
