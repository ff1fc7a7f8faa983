import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../components/icons";
import { shortDate } from "../format/dates";
import { formatRate } from "../format/money";
import { t } from "../i18n";
import type { Card, Lineage } from "../ledger/lineage";
import type { Highlight } from "../ledger/story";
import { useWidth } from "../state/viewport";
import { CardBody, CoreBody, edgeText } from "./CardBody";
import { CARD, type Edge, HEAD, layOut, type Placed } from "./lineage-layout";
import { CORE, type LineageProps } from "./stage-types";

const SCALE = { least: 0.5, fitLeast: 0.78, most: 1.25, step: 0.12 } as const;

/** The tree as a drawing: columns are tiers, cards are notes, lines carry the date and, for a sale, the yearly rate. */
export function LineageGraph(props: LineageProps): JSX.Element {
  const { lineage, receivable, highlight, selected, select, groups } = props;
  const layout = useMemo(() => layOut(lineage), [lineage]);
  const [frame, width] = useWidth<HTMLDivElement>();
  const [zoom, setZoom] = useState<number | null>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const fit = width > 0 ? Math.min(1, Math.max(SCALE.fitLeast, (width - 8) / layout.width)) : 1;
  const scale = zoom ?? fit;

  const onKeyDown = (event: KeyboardEvent): void => {
    const key = focusedKey(event);
    const card = lineage.cards.find((each) => each.key === key);
    if (card && event.key === "+") groups.open(card);
    if (card && event.key === "-") groups.close(card);
    const to = neighbour(layout.placed, key, event.key);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    canvas.current?.querySelector<HTMLElement>(`[data-key="${to}"]`)?.focus();
  };

  useEffect(() => {
    const card = canvas.current?.querySelector<HTMLElement>(`[data-key="${selected}"]`);
    const box = frame.current;
    if (!card || !box || !width) return;
    const end = (card.offsetLeft + card.offsetWidth) * scale;
    if (end > box.clientWidth) box.scrollTo({ left: end - box.clientWidth + 24 });
  }, [selected, scale, width]);

  return (
    <div class="graph">
      <Zoom scale={scale} set={setZoom} />
      <div class="graph-frame" ref={frame} tabIndex={-1}>
        <div class="graph-size" style={{ width: `${layout.width * scale}px`, height: `${layout.height * scale}px` }}>
          <div
            class="graph-canvas"
            role="group"
            aria-label={t("stage.lineageLabel", { id: receivable.id, n: lineage.notes })}
            ref={canvas}
            onKeyDown={onKeyDown}
            style={{ width: `${layout.width}px`, height: `${layout.height}px`, transform: `scale(${scale})` }}
          >
            <Headings lineage={lineage} columns={layout.columns} />
            <Lines edges={layout.edges} width={layout.width} height={layout.height} highlight={highlight} />
            <button
              type="button"
              data-key={CORE}
              class={`card card-core${highlight.core ? " lit" : ""}`}
              aria-pressed={selected === CORE}
              tabIndex={selected === CORE ? 0 : -1}
              style={{ left: "0px", top: `${HEAD}px`, width: `${CARD.width}px`, height: `${CARD.height}px` }}
              onClick={() => select(CORE)}
            >
              <CoreBody receivable={receivable} />
            </button>
            {layout.placed.map(({ card, x, y }) => (
              <button
                key={card.key}
                type="button"
                data-key={card.key}
                class={`card${lit(card, highlight) ? " lit" : ""}${card.sales > 0 ? " card-sale" : ""}`}
                aria-pressed={selected === card.key}
                tabIndex={selected === card.key ? 0 : -1}
                style={{ left: `${x}px`, top: `${y}px`, width: `${CARD.width}px`, height: `${CARD.height}px` }}
                onClick={() => select(card.key)}
              >
                <CardBody card={card} receivable={receivable} />
              </button>
            ))}
          </div>
        </div>
      </div>
      <p class="help">{t("stage.lineageHelp")}</p>
    </div>
  );
}

function lit(card: Card, highlight: Highlight): boolean {
  return card.notes.some((note) => highlight.notes.has(note.id));
}

function focusedKey(event: KeyboardEvent): string {
  const target = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("[data-key]") : null;
  return target?.dataset.key ?? CORE;
}

/** The card that an arrow key leads to from `key`: along the tree sideways, along the column up and down. */
function neighbour(placed: readonly Placed[], key: string, arrow: string): string | null {
  const root = placed[0];
  if (key === CORE) return arrow === "ArrowRight" && root ? root.card.key : null;
  const from = placed.find((each) => each.card.key === key);
  if (!from) return null;
  if (arrow === "ArrowLeft") return from.card.parent?.key ?? CORE;
  if (arrow === "ArrowRight") return from.card.children[0]?.key ?? null;
  const step = { ArrowDown: 1, ArrowUp: -1 }[arrow];
  if (step === undefined) return null;
  const column = placed.filter((each) => each.card.column === from.card.column).sort((a, b) => a.row - b.row);
  return column[column.indexOf(from) + step]?.card.key ?? null;
}

function Zoom({ scale, set }: { scale: number; set: (scale: number | null) => void }): JSX.Element {
  const by = (step: number): void => set(Math.min(SCALE.most, Math.max(SCALE.least, scale + step)));
  return (
    <div class="zoom">
      <button type="button" aria-label={t("stage.zoomOut")} title={t("stage.zoomOut")} onClick={() => by(-SCALE.step)}>
        <Icon name="minus" />
      </button>
      <button type="button" onClick={() => set(null)}>
        {t("stage.zoomFit")}
      </button>
      <button type="button" aria-label={t("stage.zoomIn")} title={t("stage.zoomIn")} onClick={() => by(SCALE.step)}>
        <Icon name="plus" />
      </button>
    </div>
  );
}

function Headings({ lineage, columns }: { lineage: Lineage; columns: readonly number[] }): JSX.Element {
  const name = (column: number): string => {
    if (column === 0) return t("tier.core");
    if (column <= lineage.lastTier) return t("tier.n", { n: column });
    return column === lineage.lastTier + 1 ? t("tier.financier") : t("tier.resold");
  };
  return (
    <>
      {columns.map((x, column) => (
        <span key={column} class="graph-heading" style={{ left: `${x}px`, width: `${CARD.width}px` }}>
          {name(column)}
        </span>
      ))}
    </>
  );
}

interface LinesProps {
  edges: readonly Edge[];
  width: number;
  height: number;
  highlight: Highlight;
}

/** Lines that stand out are drawn last, over the others. */
function Lines({ edges, width, height, highlight }: LinesProps): JSX.Element {
  const drawn = edges.map((edge) => ({ ...edge, lit: lit(edge.card, highlight), ...edgeText(edge.card) }));
  drawn.sort((a, b) => Number(a.lit) - Number(b.lit));
  return (
    <svg class="graph-lines" width={width} height={height} aria-hidden="true" focusable="false">
      {drawn.map(({ card, path, label, lit, date, rate }) => (
        <g key={card.key} class={`edge${lit ? " lit" : ""}${card.sales > 0 ? " edge-sale" : ""}`}>
          <path d={path} />
          {date && (
            <text x={label.x} y={label.y - 6} text-anchor="end">
              {shortDate(date)}
            </text>
          )}
          {rate !== null && (
            <text x={label.x} y={label.y + 14} text-anchor="end">
              {formatRate(rate)}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}
