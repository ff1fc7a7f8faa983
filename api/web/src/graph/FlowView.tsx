import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { CashLeg, FundFlow } from "../api/types";
import { legColumns } from "../components/columns";
import { DataTable } from "../components/DataTable";
import { Empty } from "../components/states";
import { t } from "../i18n";
import { legKey } from "../ledger/cash";
import { narrow } from "../state/viewport";
import { FlowGraph, nodeName } from "./FlowGraph";
import { FlowList } from "./FlowList";
import { flowKey, type FlowLink, layOutFlow, PARTIES } from "./flow-layout";

interface Props {
  flow: FundFlow;
  form: "graph" | "table";
  /** Payments that the story stands on. */
  lit: ReadonlySet<string>;
}

/** Where the money went: drawn, and payment by payment below. */
export function FlowView({ flow, form, lit }: Props): JSX.Element {
  const [selected, select] = useState<string | null>(null);
  const [most, setMost] = useState<number>(PARTIES);
  const { nodes, links } = useMemo(() => layOutFlow(flow.totals, flow.receivable.debtor.id, 640, most), [flow, most]);
  const linkKeys = useMemo(() => new Map(links.flatMap((link) => link.members.map((key) => [key, link.key]))), [links]);
  const keyOf = (leg: CashLeg): string => linkKeys.get(flowKey(leg)) ?? "";
  const litLinks = useMemo(
    () => new Set(flow.legs.filter((leg) => lit.has(legKey(leg))).map(keyOf)),
    [flow, lit, linkKeys],
  );
  if (flow.legs.length === 0) return <Empty title={t("stage.flowEmpty")} />;

  const chosen = links.find((link) => link.key === selected) ?? null;
  const legs = chosen ? flow.legs.filter((leg) => keyOf(leg) === chosen.key) : flow.legs;
  const drawing = { flow, most, selected, select, lit: (link: FlowLink) => litLinks.has(link.key) };
  return (
    <>
      {form === "graph" && (narrow.value ? <FlowList {...drawing} /> : <FlowGraph {...drawing} />)}
      {form === "graph" && nodes.some(({ others }) => others > 0) && (
        <p>
          <button type="button" class="button quiet" onClick={() => setMost(most + PARTIES)}>
            {t("stage.moreParties")}
          </button>
        </p>
      )}
      {(form === "table" || chosen || !narrow.value) && (
        <Legs key={selected} legs={legs} flow={flow} lit={lit} chosen={chosen} clear={() => select(null)} />
      )}
    </>
  );
}

interface LegsProps {
  legs: readonly CashLeg[];
  flow: FundFlow;
  lit: ReadonlySet<string>;
  chosen: FlowLink | null;
  clear: () => void;
}

function Legs({ legs, flow, lit, chosen, clear }: LegsProps): JSX.Element {
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (chosen) section.current?.scrollIntoView({ block: "nearest" });
  }, [chosen?.key]);
  const title = chosen
    ? t("stage.legsFiltered", { payer: nodeName(chosen.from), payee: nodeName(chosen.to) })
    : t("stage.legs");
  return (
    <section class="legs" ref={section}>
      <header class="section-head">
        <h2>{title}</h2>
        {chosen && (
          <button type="button" class="button quiet" onClick={clear}>
            {t("stage.legsAll")}
          </button>
        )}
      </header>
      <DataTable
        caption={title}
        columns={legColumns(flow.receivable.currency)}
        rows={legs}
        rowKey={legKey}
        lit={(leg) => lit.has(legKey(leg))}
      />
    </section>
  );
}
