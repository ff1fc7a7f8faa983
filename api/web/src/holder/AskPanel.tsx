import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ActForm } from "../acts/ActForm";
import { type Acting, useAct } from "../acts/useAct";
import { withQuery } from "../api/client";
import { OFF_CHAIN_MS, useResource } from "../api/resource";
import type { AskedFor, Page, Party } from "../api/types";
import { partyName } from "../components/values";
import { formatInstant } from "../format/dates";
import { list, t } from "../i18n";
import { company } from "../state/company";

/** Asking financiers to quote for a note, all or some; and what was asked, until it is taken back. */
export function AskPanel({ note }: { note: number }): JSX.Element {
  const requests = useResource<Page<AskedFor>>(withQuery("/quote-requests", { note, limit: 500 }), OFF_CHAIN_MS);
  const asking = useAct({ name: "ask", about: note });
  const stopping = useAct({ name: "unask", about: note });
  useDone(asking, requests.retry);
  useDone(stopping, requests.retry);
  const standing = requests.data?.items ?? [];
  return (
    <div class="ask">
      <h3>{t("ask.title")}</h3>
      {standing.length === 0 ? (
        <Ask note={note} asking={asking} />
      ) : (
        <>
          <p>
            {t("ask.standing", {
              who: list(standing.map(({ financier }) => (financier ? partyName(financier) : t("ask.everyone")))),
              since: formatInstant(standing[0]?.created_at ?? ""),
            })}
          </p>
          <ActForm
            acting={stopping}
            label={t("ask.stop")}
            act={() => ({ method: "DELETE", path: withQuery(`/quote-requests/${note}`, { party: company.value }) })}
          />
          <p class="help">{t("ask.stopHelp")}</p>
        </>
      )}
    </div>
  );
}

function Ask({ note, asking }: { note: number; asking: Acting<never> }): JSX.Element {
  const financiers = useResource<Page<Party>>(withQuery("/parties", { role: "financier", limit: 500 }));
  const [some, setSome] = useState(false);
  const [named, setNamed] = useState<ReadonlySet<number>>(new Set());
  const toggle = (id: number): void => {
    const next = new Set(named);
    if (!next.delete(id)) next.add(id);
    setNamed(next);
  };
  return (
    <ActForm
      acting={asking}
      label={t("ask.submit")}
      act={() => {
        if (some && named.size === 0) return null;
        const body = { party: company.value, note, financiers: some ? [...named] : [] };
        return { path: "/quote-requests", body };
      }}
    >
      <fieldset class="options">
        <legend>{t("ask.whom")}</legend>
        <label>
          <input type="radio" name={`whom-${note}`} checked={!some} onChange={() => setSome(false)} /> {t("ask.all")}
        </label>
        <label>
          <input type="radio" name={`whom-${note}`} checked={some} onChange={() => setSome(true)} /> {t("ask.some")}
        </label>
        {some &&
          (financiers.data?.items ?? [])
            .filter(({ status }) => status === "active")
            .map((party) => (
              <label key={party.id} class="option-in">
                <input type="checkbox" checked={named.has(party.id)} onChange={() => toggle(party.id)} />{" "}
                {partyName(party)}
              </label>
            ))}
      </fieldset>
      <p class="help">{t("ask.help")}</p>
    </ActForm>
  );
}

/** What the answer ends is read anew, and can be asked for again. */
function useDone({ progress, again }: Acting<never>, then: () => void): void {
  useEffect(() => {
    if (progress.at !== "done") return;
    then();
    again();
  }, [progress.at]);
}
