import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { LegIcon } from "./CashList";
import { Money } from "../components/values";
import { share } from "../format/money";
import { legName, rich } from "../i18n";
import { type FlowProps, nodeName } from "./FlowGraph";
import { layOutFlow } from "./flow-layout";

/** The same flows on a narrow screen: one row each, longest bar for the largest. */
export function FlowList({ flow, most, selected, lit, select }: FlowProps): JSX.Element {
  const { links } = useMemo(() => layOutFlow(flow.totals, flow.receivable.debtor.id, 640, most), [flow, most]);
  const largest = links.reduce((most, link) => (link.amount > most ? link.amount : most), 0n);
  return (
    <ul class="flow-list">
      {links.map((link) => (
        <li key={link.key}>
          <button
            type="button"
            class={`flow-row ${link.kind}${lit(link) ? " lit" : ""}`}
            aria-pressed={selected === link.key}
            onClick={() => select(selected === link.key ? null : link.key)}
          >
            <span class="flow-row-names">
              <LegIcon kind={link.kind} /> <span class="hidden">{legName(link.kind)} </span>{" "}
              {rich("flow.fromTo", { payer: nodeName(link.from), payee: nodeName(link.to) })}
            </span>
            <strong>
              <Money minor={link.amount} currency={flow.receivable.currency} />
            </strong>
            <svg class="strip" aria-hidden="true" focusable="false">
              <rect
                class={`flow-bar ${link.kind}`}
                width={`${Math.max(1, share(link.amount, largest) * 100)}%`}
                height="100%"
              />
            </svg>
          </button>
        </li>
      ))}
    </ul>
  );
}
