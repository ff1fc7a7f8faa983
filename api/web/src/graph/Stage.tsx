import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { FundFlow, Receivable } from "../api/types";
import type { Resource } from "../api/resource";
import { lineageColumns } from "../components/columns";
import { DataTable } from "../components/DataTable";
import { Segmented } from "../components/Segmented";
import { Reading } from "../components/states";
import { tabId, Tabs } from "../components/Tabs";
import { t } from "../i18n";
import { type Lineage, lineageOf } from "../ledger/lineage";
import type { Highlight } from "../ledger/story";
import type { Tree } from "../ledger/tree";
import { setQuery } from "../router";
import { narrow } from "../state/viewport";
import { FlowView } from "./FlowView";
import { Inspector } from "./Inspector";
import { LineageGraph } from "./LineageGraph";
import { LineageOutline } from "./LineageOutline";
import { Timeline } from "./Timeline";

export type TabName = "lineage" | "flow" | "timeline";
export type Form = "graph" | "table";
export type Scope = "line" | "tree";

export interface StageProps {
  tree: Tree;
  receivable: Receivable;
  flow: Resource<FundFlow>;
  /** Notes drawn alone and first: the line of the note that is looked at. */
  focus: ReadonlySet<number>;
  highlight: Highlight;
  tab: TabName;
  form: Form;
  /** Null where there is nothing but the whole tree. */
  scope: Scope | null;
  selected: string;
}

const PANEL = "stage-panel";

/** The three drawings of one receivable, each also as a table; what is chosen is kept in the address. */
export function Stage(props: StageProps): JSX.Element {
  const { tab, form, scope } = props;
  return (
    <section class="stage">
      <div class="stage-bar">
        <Tabs
          label={t("stage.tabs")}
          value={tab}
          panel={PANEL}
          choose={(value: TabName) => setQuery({ tab: value })}
          options={[
            { value: "lineage", label: t("stage.lineage") },
            { value: "flow", label: t("stage.flow") },
            { value: "timeline", label: t("stage.timeline") },
          ]}
        />
        <div class="stage-choices">
          {scope !== null && tab !== "flow" && (
            <Segmented
              label={t("stage.scope")}
              value={scope}
              choose={(value: Scope) => setQuery({ scope: value })}
              options={[
                { value: "line", label: t("stage.line") },
                { value: "tree", label: t("stage.tree") },
              ]}
            />
          )}
          <Segmented
            label={t("stage.form")}
            value={form}
            choose={(value: Form) => setQuery({ form: value === "graph" ? null : value })}
            options={[
              { value: "graph", label: t("stage.graph") },
              { value: "table", label: t("stage.table") },
            ]}
          />
        </div>
      </div>
      <div class="stage-panel" id={PANEL} role="tabpanel" aria-labelledby={tabId(PANEL, tab)}>
        <Content {...props} />
      </div>
    </section>
  );
}

function Content(props: StageProps): JSX.Element {
  const { tree, receivable, flow, tab, form, highlight } = props;
  const notes = useMemo(() => [...tree.notes.values()], [tree]);
  if (tab === "flow") {
    return <Reading from={flow}>{(data) => <FlowView flow={data} form={form} lit={highlight.legs} />}</Reading>;
  }
  if (tab === "timeline") {
    return <Timeline notes={notes} receivable={receivable} form={form} lit={highlight.notes} />;
  }
  return <LineageContent {...props} />;
}

function LineageContent({ tree, receivable, focus, highlight, form, selected }: StageProps): JSX.Element {
  const lineage = useMemo(() => lineageOf(tree, focus), [tree, focus]);
  const select = (key: string): void => setQuery({ sel: key });
  const props = { lineage, receivable, highlight, selected, select };
  if (form === "table") {
    const notes = [...tree.notes.values()];
    return (
      <DataTable
        caption={t("stage.lineageLabel", { id: receivable.id, n: notes.length })}
        columns={lineageColumns(receivable.currency)}
        rows={notes}
        rowKey={(note) => note.id}
        lit={(note) => highlight.notes.has(note.id)}
      />
    );
  }
  return (
    <>
      {tree.gaps && <p class="notice">{t("stage.gaps")}</p>}
      <Grouped lineage={lineage} />
      {narrow.value ? <LineageOutline {...props} /> : <LineageGraph {...props} />}
      <Inspector lineage={lineage} receivable={receivable} selected={selected} />
    </>
  );
}

function Grouped({ lineage }: { lineage: Lineage }): JSX.Element | null {
  if (lineage.grouping === "none") return null;
  const counts = { notes: lineage.notes, groups: lineage.cards.length };
  return (
    <p class="notice">{lineage.grouping === "party" ? t("stage.grouped", counts) : t("stage.groupedTier", counts)}</p>
  );
}
