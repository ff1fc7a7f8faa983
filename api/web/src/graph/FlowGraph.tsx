import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { FundFlow } from "../api/types";
import { money, partyName } from "../components/values";
import { legName, t } from "../i18n";
import { useWidth } from "../state/viewport";
import { type FlowLink, type FlowNode, layOutFlow, marginOf } from "./flow-layout";

/** Narrower than this, the drawing scrolls. */
const LEAST = 640;

export interface FlowProps {
  flow: FundFlow;
  /** Parties of a column that are drawn by themselves. */
  most: number;
  selected: string | null;
  lit: (link: FlowLink) => boolean;
  select: (key: string | null) => void;
}

/** Payments between parties as ribbons, payers left and payees right. */
export function FlowGraph({ flow, most, selected, lit, select }: FlowProps): JSX.Element {
  const [frame, width] = useWidth<HTMLDivElement>();
  const layout = useMemo(
    () => layOutFlow(flow.totals, flow.receivable.debtor.id, Math.max(width, LEAST), most),
    [flow, width, most],
  );
  const drawn = [...layout.links].sort((a, b) => Number(lit(a)) - Number(lit(b)));
  return (
    <div class="flow" ref={frame}>
      <Legend />
      {width > 0 && (
        <svg
          class="flow-drawing"
          width={Math.max(width, LEAST)}
          height={layout.height}
          role="group"
          aria-label={t("stage.flowLabel", { id: flow.receivable.id })}
        >
          {drawn.map((link) => (
            <Ribbon key={link.key} link={link} flow={flow} lit={lit(link)} selected={selected} select={select} />
          ))}
          {layout.nodes.map((node) => (
            <Party key={node.key} node={node} flow={flow} room={marginOf(Math.max(width, LEAST))} />
          ))}
        </svg>
      )}
      <p class="help">{t("stage.flowHelp")}</p>
    </div>
  );
}

export function nodeName(node: FlowNode): string {
  return node.party ? partyName(node.party) : t("stage.others", { n: node.others });
}

export function linkLabel(link: FlowLink, flow: FundFlow): string {
  return t("stage.flowEdge", {
    kind: legName(link.kind),
    payer: nodeName(link.from),
    payee: nodeName(link.to),
    amount: money(link.amount, flow.receivable.currency),
    n: link.payments,
  });
}

function Legend(): JSX.Element {
  return (
    <ul class="legend">
      <li>
        <span class="flow-sign finance" aria-hidden="true">
          ◆
        </span>
        {legName("finance")}
      </li>
      <li>
        <span class="flow-sign repayment" aria-hidden="true">
          ●
        </span>
        {legName("repayment")}
      </li>
    </ul>
  );
}

interface RibbonProps {
  link: FlowLink;
  flow: FundFlow;
  lit: boolean;
  selected: string | null;
  select: (key: string | null) => void;
}

function Ribbon({ link, flow, lit, selected, select }: RibbonProps): JSX.Element {
  const pressed = selected === link.key;
  const toggle = (): void => select(pressed ? null : link.key);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    toggle();
  };
  const label = linkLabel(link, flow);
  const kind = link.kind === "finance" ? "finance" : "repayment";
  const start = link.to.column > link.from.column;
  return (
    <g
      class={`ribbon ${kind}${lit ? " lit" : ""}`}
      role="button"
      tabindex={0}
      aria-label={label}
      aria-pressed={pressed}
      onClick={toggle}
      onKeyDown={onKeyDown}
    >
      <title>{label}</title>
      <path class="ribbon-hit" d={link.path} stroke-width={Math.max(link.thickness, 14)} />
      <path class="ribbon-line" d={link.path} stroke-width={link.thickness} />
      <text x={link.label.x} y={link.label.y + 4} text-anchor={start ? "end" : "start"}>
        {kind === "finance" ? "◆" : "●"} {money(link.amount, flow.receivable.currency)}
      </text>
    </g>
  );
}

/** A party's bar, its name and what it paid or received in all. */
function Party({ node, flow, room }: { node: FlowNode; flow: FundFlow; room: number }): JSX.Element {
  const total = money(node.received > 0n ? node.received : node.paid, flow.receivable.currency);
  const name = nodeName(node);
  const middle = node.y + node.height / 2;
  const at =
    node.column === 0
      ? { x: node.x - 10, y: middle - 3, anchor: "end" as const, room: room - 14 }
      : node.column === 1
        ? { x: node.x, y: node.y - 18, anchor: "start" as const, room: 220 }
        : { x: node.x + node.width + 10, y: middle - 3, anchor: "start" as const, room: room - 22 };
  return (
    <g class={`flow-party column-${node.column}`}>
      <title>{name}</title>
      <rect x={node.x} y={node.y} width={node.width} height={node.height} rx="2" />
      <text class="flow-name" x={at.x} y={at.y} text-anchor={at.anchor}>
        {cut(name, at.room)}
      </text>
      <text class="flow-total" x={at.x} y={at.y + 15} text-anchor={at.anchor}>
        {total}
      </text>
    </g>
  );
}

const WIDE = /[\u2e80-\uffef]/;

/** `text` cut to about `room` pixels at the label's size; the whole stands in the title. */
function cut(text: string, room: number): string {
  let used = 0;
  for (const [index, letter] of [...text].entries()) {
    used += WIDE.test(letter) ? 13 : 7.2;
    if (used > room) return `${[...text].slice(0, Math.max(1, index - 1)).join("")}…`;
  }
  return text;
}
