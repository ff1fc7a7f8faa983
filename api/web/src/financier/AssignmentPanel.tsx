import type { JSX } from "preact";
import { ActForm } from "../acts/ActForm";
import { useAct } from "../acts/useAct";
import { useResource } from "../api/resource";
import type { Claim, Page } from "../api/types";
import { Facts } from "../components/Facts";
import { Reading } from "../components/states";
import { Hash } from "../components/values";
import { formatInstant } from "../format/dates";
import type { HolderProps } from "../holder/HolderActs";
import { t } from "../i18n";
import { company } from "../state/company";
import { locale } from "../state/preferences";

/** A note that was bought: whether the registry has it and the debtor knows of it, which decides who comes first (第768条). */
export function AssignmentPanel({ note, receivable }: HolderProps): JSX.Element {
  const claims = useResource<Page<Claim>>(`/receivables/${receivable.id}/claims`);
  return (
    <section class="panel" aria-labelledby="assignment">
      <h2 id="assignment">{t("assignment.title")}</h2>
      <Reading from={claims}>
        {({ items }) => {
          const claim = items.find((one) => one.note === note.id);
          return claim ? <Known claim={claim} /> : <p>{t("assignment.none")}</p>;
        }}
      </Reading>
    </section>
  );
}

function Known({ claim }: { claim: Claim }): JSX.Element {
  const acting = useAct({ name: "notify", about: claim.note });
  const reference = t("fact.registry");
  const { registry_reference, registered_at, debtor_notified_at, place, reason, reason_zh } = claim;
  return (
    <>
      <Facts
        facts={[
          {
            label: reference,
            value:
              registry_reference && BigInt(registry_reference) !== 0n ? (
                <Hash value={registry_reference} what={reference} />
              ) : (
                t("fact.none")
              ),
          },
          {
            label: t("assignment.registered"),
            value: registered_at ? formatInstant(registered_at) : t("assignment.notRegistered"),
          },
          {
            label: t("assignment.notified"),
            value: debtor_notified_at ? formatInstant(debtor_notified_at) : t("assignment.notNotified"),
          },
          place === null
            ? null
            : { label: t("assignment.place", { place }), value: locale.value === "zh" ? reason_zh : reason },
        ]}
      />
      {(debtor_notified_at === null || acting.progress.at !== "open") && (
        <ActForm
          acting={acting}
          label={t("assignment.notify")}
          act={() => ({
            path: "/debtor-notices",
            body: { party: company.value, notes: [claim.note] },
            outside: "notify_debtor",
          })}
        />
      )}
    </>
  );
}
