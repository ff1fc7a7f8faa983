import type { JSX } from "preact";
import { currencyOf } from "../api/status";
import type { Party } from "../api/types";
import { NoCompany } from "../components/NoCompany";
import { Loading } from "../components/states";
import { tabId, Tabs } from "../components/Tabs";
import { Money, partyName } from "../components/values";
import { ConfirmPanel } from "../debtor/ConfirmPanel";
import { DuePanel } from "../debtor/DuePanel";
import { ImportPanel } from "../debtor/ImportPanel";
import { InboxPanel } from "../debtor/InboxPanel";
import { rich, t } from "../i18n";
import { route, setQuery } from "../router";
import { useCompany } from "../state/company";
import "../styles/payables.css";

const TABS = ["inbox", "import", "confirm", "due"] as const;
const PANEL = "payables";

/** What a core enterprise does all day: takes invoices in, confirms them, pays them when they fall due. */
export function PayablesView(): JSX.Element {
  const own = useCompany();
  if (own === null) return <Loading />;
  return own.roles.includes("core_enterprise") ? <Payables company={own} /> : <NoCompany role="core_enterprise" />;
}

function Payables({ company }: { company: Party }): JSX.Element {
  const asked = route.value.query.get("tab");
  const tab = TABS.find((name) => name === asked) ?? "inbox";
  return (
    <article class="view">
      <header class="view-head">
        <p class="eyebrow">{partyName(company)}</p>
        <h1>{t("payables.title")}</h1>
        <Lines company={company} />
      </header>
      <Tabs
        label={t("payables.title")}
        value={tab}
        panel={PANEL}
        options={TABS.map((value) => ({ value, label: t(`payables.${value}`) }))}
        choose={(value) => setQuery({ tab: value, month: null })}
      />
      <div id={PANEL} role="tabpanel" aria-labelledby={tabId(PANEL, tab)} class="stack">
        {tab === "inbox" && <InboxPanel company={company} />}
        {tab === "import" && <ImportPanel company={company} />}
        {tab === "confirm" && <ConfirmPanel company={company} />}
        {tab === "due" && <DuePanel company={company} />}
      </div>
    </article>
  );
}

/** How much of each credit line is used. */
function Lines({ company }: { company: Party }): JSX.Element {
  return (
    <>
      {(company.lines ?? []).map((line) => {
        const currency = currencyOf(line.currency);
        return (
          <p key={line.currency} class="lead">
            {rich("fact.lineUsed", {
              used: <Money minor={line.used} currency={currency} />,
              limit: <Money minor={line.limit} currency={currency} />,
            })}
          </p>
        );
      })}
    </>
  );
}
