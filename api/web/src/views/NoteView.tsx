import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useResource } from "../api/resource";
import type { FundFlow, Note, Trace } from "../api/types";
import { CertificatePanel } from "../components/CertificatePanel";
import { DossierPanel } from "../components/DossierPanel";
import { lazy } from "../components/lazy";
import { Reading } from "../components/states";
import { StoryPanel } from "../components/StoryPanel";
import { Money, partyName, PartyLink, StatusMark } from "../components/values";
import { Stage } from "../graph/Stage";
import { rich, t } from "../i18n";
import { highlightOf, storyOf } from "../ledger/story";
import { type Tree, treeOf } from "../ledger/tree";
import { route, setQuery } from "../router";
import { company, mayAct } from "../state/company";
import { narrow } from "../state/viewport";
import { formOf, scopeOf, stepOf, tabOf } from "./choices";

/** What its holder does with it: fetched for holders alone. */
const HolderActs = lazy(() => import("../holder/HolderActs").then((module) => module.HolderActs));

const OfferorActs = lazy(() => import("../holder/OfferorActs").then((module) => module.OfferorActs));

/** Trees up to this size open whole where there is room for them. */
const OPENS_WHOLE = 40;

/** One note: its story, its line through the tree, the money. */
export function NoteView({ id }: { id: number }): JSX.Element {
  const trace = useResource<Trace>(`/notes/${id}/trace`);
  return (
    <Reading of="view" from={trace}>
      {(data) => <Traced trace={data} />}
    </Reading>
  );
}

function Traced({ trace }: { trace: Trace }): JSX.Element | null {
  const { receivable } = trace;
  const query = route.value.query;
  const scope = scopeOf(query) ?? (!narrow.value && (receivable.notes ?? Infinity) <= OPENS_WHOLE ? "tree" : "line");
  const whole = useResource<Trace>(scope === "tree" ? `/notes/${receivable.root}/trace` : null);
  const flow = useResource<FundFlow>(
    tabOf(route.value.query) === "flow" ? `/receivables/${receivable.id}/fund-flow` : null,
  );
  const line = useMemo(() => treeOf(trace.nodes), [trace]);
  const full = useMemo(() => whole.data && treeOf(whole.data.nodes), [whole.data]);
  const focus = useMemo(() => new Set(trace.path), [trace]);
  const note = line?.notes.get(trace.note);
  const story = useMemo(() => line && note && storyOf(line, note, receivable), [line, note, receivable]);
  if (!line || !note || !story) return null;

  const tree: Tree = scope === "tree" && full?.notes.has(note.id) ? full : line;
  const offeror = note.parent === null ? receivable.debtor.id : line.notes.get(note.parent)?.holder?.id;
  const step = stepOf(query);
  const go = (to: number): void => setQuery({ step: to, tab: to === 3 ? "flow" : "lineage", sel: null });
  return (
    <article class="view">
      <Heading note={note} trace={trace} />
      {mayAct.value && note.holder?.id === company.value && <HolderActs note={note} receivable={receivable} />}
      {mayAct.value && isUnanswered(note) && offeror === company.value && (
        <OfferorActs note={note} receivable={receivable} />
      )}
      <StoryPanel story={story} step={step} go={go} />
      <Stage
        tree={tree}
        receivable={receivable}
        flow={flow}
        focus={focus}
        highlight={highlightOf(story, step)}
        tab={tabOf(query)}
        form={formOf(query)}
        scope={scope}
        selected={query.get("sel") ?? String(note.id)}
        open={query.get("open") ?? ""}
      />
      <CertificatePanel note={note} />
      <DossierPanel note={note.id} />
    </article>
  );
}

function isUnanswered({ status }: Note): boolean {
  return status === "offered" || status === "lapsable";
}

function Heading({ note, trace: { receivable } }: { note: Note; trace: Trace }): JSX.Element {
  return (
    <header class="view-head">
      <p class="eyebrow">
        {note.financed ? t("tier.financier") : t("tier.n", { n: note.tier })} · <StatusMark status={note.status} />
      </p>
      <h1>{t("note.title", { id: note.id })}</h1>
      <p class="lead">
        {rich("note.lead", {
          face: <Money minor={note.face} currency={receivable.currency} />,
          debtor: partyName(receivable.debtor),
          holder: <PartyLink party={note.holder} />,
          due: <span class="num">{receivable.due_date}</span>,
        })}
      </p>
    </header>
  );
}
