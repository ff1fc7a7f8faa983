import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { FundFlow, Receivable } from "../api/types";
import type { Resource } from "../api/resource";
import { lineageColumns } from "../components/columns";
import { DataTable } from "../components/DataTable";
import { Segmented } from "../components/Segmented";
import { Reading } from "../components/states";
import { tabId, Tabs } from "../components/Tabs";
import { t } from "../i18n";
import { type Lineage, lineageOf, partsOfGroup } from "../ledger/lineage";
import type { Highlight } from "../ledger/story";
import type { Tree } from "../ledger/tree";
import { setQuery } from "../router";
import { narrow } from "../state/viewport";
import { FlowView } from "./FlowView";
import { Inspector } from "./Inspector";
import { LineageGraph } from "./LineageGraph";
import { LineageOutline } from "./LineageOutline";
import type { Groups } from "./stage-types";
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
  /** Keys of the groups that are open, as the address has them. */
  open: string;
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

function LineageContent({ tree, receivable, focus, highlight, form, selected, open }: StageProps): JSX.Element {
  const keys = useMemo(() => new Set(open.split(".").filter(Boolean)), [open]);
  const lineage = useMemo(() => lineageOf(tree, focus, keys), [tree, focus, keys]);
  const notes = useMemo(() => [...tree.notes.values()], [tree]);
  const drawing = useRef<HTMLDivElement>(null);
  const focusOn = useRef<string | null>(null);
  useEffect(() => {
    // What was pressed is gone: the focus goes where it led.
    if (focusOn.current) drawing.current?.querySelector<HTMLElement>(`[data-key="${focusOn.current}"]`)?.focus();
    focusOn.current = null;
  }, [lineage]);
  const walk = (opened: Iterable<string>, to: string): void => {
    focusOn.current = to;
    setQuery({ open: [...opened].join("."), sel: to });
  };
  const groups: Groups = {
    open: (card) => {
      const [first] = partsOfGroup(card);
      if (card.notes.length > 1 && first) walk([...keys, card.key], first.key);
    },
    close: ({ out }) => {
      if (out !== null)
        walk(
          [...keys].filter((key) => key !== out),
          out,
        );
    },
  };
  const select = (key: string): void => setQuery({ sel: key });
  const props = { lineage, receivable, highlight, selected, select, groups };
  if (form === "table") {
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
    <div class="lineage" ref={drawing}>
      {tree.gaps && <p class="notice">{t("stage.gaps")}</p>}
      <Grouped lineage={lineage} open={keys.size > 0} />
      {narrow.value ? <LineageOutline {...props} /> : <LineageGraph {...props} />}
      <Inspector lineage={lineage} receivable={receivable} selected={selected} groups={groups} />
    </div>
  );
}

function Grouped({ lineage, open }: { lineage: Lineage; open: boolean }): JSX.Element | null {
  if (lineage.grouping === "note") return null;
  const counts = { notes: lineage.notes, cards: lineage.cards.length };
  return (
    <p class="notice">
      {lineage.grouping === "party" ? t("stage.grouped", counts) : t("stage.groupedTier", counts)}{" "}
      {open && (
        <button type="button" class="link" onClick={() => setQuery({ open: null, sel: null })}>
          {t("stage.closeGroups")}
        </button>
      )}
    </p>
  );
}
