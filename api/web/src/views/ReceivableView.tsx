import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { withQuery } from "../api/client";
import { useResource } from "../api/resource";
import type { FundFlow, Note, Page, Receivable, Trace } from "../api/types";
import { Facts } from "../components/Facts";
import { NoteTable } from "../components/NoteTable";
import { Reading } from "../components/states";
import { Money, PartyLink, StatusMark } from "../components/values";
import { receivableFacts, ReceivableParts } from "../graph/Inspector";
import { Stage } from "../graph/Stage";
import { rich, t } from "../i18n";
import { type Tree, treeOf } from "../ledger/tree";
import { href, route } from "../router";
import { formOf, tabOf } from "./choices";

const SHOWN = 20;
const NOTHING = { core: false, notes: new Set<number>(), legs: new Set<string>() };

/** One confirmed debt: what it is, its whole tree, its money. */
export function ReceivableView({ id }: { id: number }): JSX.Element {
  const receivable = useResource<Receivable>(`/receivables/${id}`);
  return (
    <Reading of="view" from={receivable}>
      {(data) => <Known receivable={data} />}
    </Reading>
  );
}

function Known({ receivable }: { receivable: Receivable }): JSX.Element {
  const trace = useResource<Trace>(`/notes/${receivable.root}/trace`);
  const flow = useResource<FundFlow>(
    tabOf(route.value.query) === "flow" ? `/receivables/${receivable.id}/fund-flow` : null,
  );
  return (
    <article class="view">
      <header class="view-head">
        <p class="eyebrow">
          <StatusMark status={receivable.status} />
        </p>
        <h1>{t("receivable.title", { id: receivable.id })}</h1>
        <p class="lead">
          <Lead receivable={receivable} />
        </p>
      </header>
      <section class="panel">
        <ReceivableParts receivable={receivable} />
        <Facts facts={receivableFacts(receivable)} />
      </section>
      {trace.error?.problem.status === 404 ? (
        <Own receivable={receivable} />
      ) : (
        <Reading from={trace}>{(data) => <Drawn trace={data} receivable={receivable} flow={flow} />}</Reading>
      )}
    </article>
  );
}

function Lead({ receivable }: { receivable: Receivable }): JSX.Element {
  const parts = {
    debtor: <PartyLink party={receivable.debtor} />,
    face: <Money minor={receivable.face_value} currency={receivable.currency} />,
    creditor: <PartyLink party={receivable.creditor} />,
  };
  if (receivable.status === "cancelled") return <>{rich("receivable.leadCancelled", parts)}</>;
  return <>{rich("receivable.lead", { ...parts, due: <span class="num">{receivable.due_date}</span> })}</>;
}

/** The reader's own notes, where the tree's root is not shown to it. */
function Own({ receivable }: { receivable: Receivable }): JSX.Element {
  const notes = useResource<Page<Note>>(withQuery("/notes", { receivable: receivable.id, limit: SHOWN }));
  return (
    <section class="block">
      <header class="section-head">
        <h2>{t("list.notes")}</h2>
        <a href={href("notes", null, { receivable: receivable.id })}>{t("overview.all")}</a>
      </header>
      <Reading from={notes}>{({ items }) => <NoteTable notes={items} />}</Reading>
    </section>
  );
}

interface DrawnProps {
  trace: Trace;
  receivable: Receivable;
  flow: ReturnType<typeof useResource<FundFlow>>;
}

function Drawn({ trace, receivable, flow }: DrawnProps): JSX.Element | null {
  const query = route.value.query;
  const tree: Tree | null = useMemo(() => treeOf(trace.nodes), [trace]);
  const focus = useMemo(() => new Set([receivable.root]), [receivable.root]);
  if (!tree) return null;
  return (
    <Stage
      tree={tree}
      receivable={receivable}
      flow={flow}
      focus={focus}
      highlight={NOTHING}
      tab={tabOf(query)}
      form={formOf(query)}
      scope={null}
      selected={query.get("sel") ?? String(receivable.root)}
      open={query.get("open") ?? ""}
    />
  );
}
