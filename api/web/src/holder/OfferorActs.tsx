import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ActForm } from "../acts/ActForm";
import { useAct } from "../acts/useAct";
import { Money, partyName } from "../components/values";
import { rich, t } from "../i18n";
import { company } from "../state/company";
import type { HolderProps } from "./HolderActs";

/** What whoever offered a note can do while it is not answered: take it back. */
export function OfferorActs({ note, receivable }: HolderProps): JSX.Element {
  const acting = useAct({ name: "withdraw", about: note.id });
  const [sure, setSure] = useState(false);
  const idle = acting.progress.at === "open";
  return (
    <section class="panel" aria-labelledby="offered">
      <h2 id="offered">{t("offered.title")}</h2>
      <p>
        {rich(note.status === "lapsable" ? "offered.over" : "offered.lead", {
          value: <Money minor={note.value} currency={receivable.currency} />,
          to: partyName(note.holder),
          until: <span class="num">{note.lapse_date}</span>,
        })}
      </p>
      {sure || !idle ? (
        <div class="sure" role="group" aria-label={t("offered.withdraw")}>
          {idle && <p>{t(note.parent === null ? "offered.sureRoot" : "offered.sure")}</p>}
          <ActForm
            acting={acting}
            label={t("offered.withdraw")}
            act={() => ({
              path: "/notes/withdraw",
              body: { party: company.value, notes: [note.id] },
              outside: "withdraw",
            })}
            more={
              <button type="button" class="button quiet" onClick={() => setSure(false)}>
                {t("form.cancel")}
              </button>
            }
          />
        </div>
      ) : (
        <p>
          <button type="button" class="button quiet" onClick={() => setSure(true)}>
            {t("offered.withdraw")}
          </button>
        </p>
      )}
    </section>
  );
}
