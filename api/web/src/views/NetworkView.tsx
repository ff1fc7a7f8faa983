import type { JSX } from "preact";
import { tabId, Tabs } from "../components/Tabs";
import { t } from "../i18n";
import { AdmitPanel } from "../operator/AdmitPanel";
import { AlertsPanel } from "../operator/AlertsPanel";
import { FreezesPanel } from "../operator/FreezesPanel";
import { HealthPanel } from "../operator/HealthPanel";
import { ReconciliationPanel } from "../operator/ReconciliationPanel";
import { RecoveriesPanel } from "../operator/RecoveriesPanel";
import { RulesPanel } from "../operator/RulesPanel";
import { route, setQuery } from "../router";
import { operates, useSeesAll } from "../state/company";

const PANEL = "network";

/** For who runs or audits the network: how it is, whether it adds up, its rules and orders, and who is let in. */
export function NetworkView(): JSX.Element {
  const seesAll = useSeesAll();
  const tabs = (["now", "books", "rules", "admission"] as const).filter(
    (name) => (name !== "books" || seesAll) && (name !== "admission" || operates.value),
  );
  const asked = route.value.query.get("tab");
  const tab = tabs.find((name) => name === asked) ?? "now";
  return (
    <article class="view">
      <header class="view-head">
        <h1>{t("network.title")}</h1>
      </header>
      <Tabs
        label={t("network.title")}
        value={tab}
        panel={PANEL}
        options={tabs.map((value) => ({ value, label: t(`network.${value}`) }))}
        choose={(value) => setQuery({ tab: value, alerts: null, alertsAfter: null })}
      />
      <div id={PANEL} role="tabpanel" aria-labelledby={tabId(PANEL, tab)} class="stack">
        {tab === "now" && <HealthPanel />}
        {tab === "now" && seesAll && <AlertsPanel />}
        {tab === "books" && <ReconciliationPanel />}
        {tab === "rules" && <RulesPanel />}
        {tab === "rules" && <FreezesPanel />}
        {tab === "rules" && <RecoveriesPanel />}
        {tab === "admission" && <AdmitPanel />}
      </div>
    </article>
  );
}
