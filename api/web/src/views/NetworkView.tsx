import type { JSX } from "preact";
import { AdmitPanel } from "../operator/AdmitPanel";
import { AlertsPanel } from "../operator/AlertsPanel";
import { FreezesPanel } from "../operator/FreezesPanel";
import { HealthPanel } from "../operator/HealthPanel";
import { ReconciliationPanel } from "../operator/ReconciliationPanel";
import { RulesPanel } from "../operator/RulesPanel";
import { t } from "../i18n";
import { operates, useSeesAll } from "../state/company";

/** For who runs or audits the network: how it is, whether it adds up, and who is let in. */
export function NetworkView(): JSX.Element {
  const seesAll = useSeesAll();
  return (
    <article class="view">
      <header class="view-head">
        <h1>{t("network.title")}</h1>
      </header>
      <HealthPanel />
      {seesAll && <AlertsPanel />}
      {seesAll && <ReconciliationPanel />}
      <RulesPanel />
      <FreezesPanel />
      {operates.value && <AdmitPanel />}
    </article>
  );
}
