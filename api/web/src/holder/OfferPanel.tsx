import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ActForm } from "../acts/ActForm";
import { useAct } from "../acts/useAct";
import type { Note, Receivable } from "../api/types";
import { Money, partyName } from "../components/values";
import { rich, t } from "../i18n";
import { company } from "../state/company";
import { DocumentCheck } from "./DocumentCheck";

/** A note that was offered: taken or refused, with the document under it in hand. */
export function OfferPanel({ note, receivable }: { note: Note; receivable: Receivable }): JSX.Element {
  const accepting = useAct({ name: "accept", about: note.id });
  const refusing = useAct({ name: "refuse", about: note.id });
  const [sure, setSure] = useState(false);
  const body = { party: company.value, notes: [note.id] };
  const idle = refusing.progress.at === "open" || refusing.progress.at === "refused";
  return (
    <section class="panel" aria-labelledby="offer">
      <h2 id="offer">{t("offer.title")}</h2>
      <p>
        {rich("offer.lead", {
          value: <Money minor={note.value} currency={receivable.currency} />,
          debtor: partyName(receivable.debtor),
          due: <span class="num">{receivable.due_date}</span>,
          until: <span class="num">{note.lapse_date}</span>,
        })}
      </p>
      {note.parent !== null && note.trade_hash !== null && <DocumentCheck hash={note.trade_hash} />}
      {idle && !sure && (
        <ActForm
          acting={accepting}
          label={t("offer.accept")}
          act={() => ({ path: "/notes/accept", body, outside: "accept" })}
          more={
            <button type="button" class="button quiet" onClick={() => setSure(true)}>
              {t("offer.refuse")}
            </button>
          }
        />
      )}
      {(sure || !idle) && (
        <div class="sure" role="group" aria-label={t("offer.refuse")}>
          {idle && <p>{t(note.parent === null ? "offer.refuseRoot" : "offer.refusePart")}</p>}
          <ActForm
            acting={refusing}
            label={t("offer.refuse")}
            act={() => ({ path: "/notes/refuse", body, outside: "refuse" })}
            more={
              <button type="button" class="button quiet" onClick={() => setSure(false)}>
                {t("form.cancel")}
              </button>
            }
          />
        </div>
      )}
    </section>
  );
}
