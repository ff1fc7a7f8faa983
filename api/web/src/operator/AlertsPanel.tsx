import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ActForm } from "../acts/ActForm";
import { useAct } from "../acts/useAct";
import { withQuery } from "../api/client";
import { OFF_CHAIN_MS, useResource } from "../api/resource";
import type { Alert, Page } from "../api/types";
import { Field } from "../components/Form";
import { Icon } from "../components/icons";
import { Segmented } from "../components/Segmented";
import { Reading } from "../components/states";
import { PartyLink } from "../components/values";
import { formatInstant } from "../format/dates";
import { t } from "../i18n";
import { href, route, setQuery } from "../router";
import { locale } from "../state/preferences";

/** Few, each with its form: what else the view has stays within reach. */
const SHOWN = 5;
const ALL = "all";

/** What the watch found that somebody should look at, the newest first, and who has looked. */
export function AlertsPanel(): JSX.Element {
  const shown = route.value.query.get("alerts") === ALL ? ALL : "open";
  const cursor = route.value.query.get("alertsAfter");
  const query = { open: shown === ALL ? null : "true", cursor, limit: SHOWN };
  const page = useResource<Page<Alert>>(withQuery("/alerts", query), OFF_CHAIN_MS);
  return (
    <section class="block" aria-labelledby="alerts">
      <header class="section-head">
        <h2 id="alerts">{t("alerts.title")}</h2>
        <Segmented
          label={t("alerts.shown")}
          value={shown}
          options={[
            { value: "open", label: t("alerts.open") },
            { value: ALL, label: t("alerts.all") },
          ]}
          choose={(chosen) => setQuery({ alerts: chosen === ALL ? ALL : null, alertsAfter: null })}
        />
      </header>
      <Reading from={page}>
        {({ items, next }) => (
          <>
            {items.length === 0 && <p class="muted">{t("alerts.none")}</p>}
            <ul class="alerts">
              {items.map((alert) => (
                <li key={alert.id}>
                  <AlertCard alert={alert} />
                </li>
              ))}
            </ul>
            <p class="choices">
              {cursor && (
                <button type="button" class="button quiet" onClick={() => setQuery({ alertsAfter: null })}>
                  {t("alerts.newest")}
                </button>
              )}
              {next && (
                <button type="button" class="button quiet" onClick={() => setQuery({ alertsAfter: next })}>
                  {t("alerts.older")}
                </button>
              )}
            </p>
          </>
        )}
      </Reading>
    </section>
  );
}

function AlertCard({ alert }: { alert: Alert }): JSX.Element {
  const zh = locale.value === "zh";
  const heading = `alert-${alert.id}`;
  return (
    <article class="panel" aria-labelledby={heading}>
      <h3 id={heading}>
        <Icon name={alert.severity === "high" ? "warn" : "search"} size={16} /> {zh ? alert.title_zh : alert.title}
      </h3>
      <p class="muted">
        {t(`alerts.severity.${alert.severity}`)} · {formatInstant(alert.time)}
      </p>
      <p>{zh ? alert.why_zh : alert.why}</p>
      <p class="choices">
        {alert.parties.map((party) => (
          <PartyLink key={party.id} party={party} />
        ))}
        <Story alert={alert} />
      </p>
      {alert.acknowledged ? <Seen alert={alert} /> : <Acknowledge alert={alert} />}
    </article>
  );
}

function Story({ alert: { note, receivable } }: { alert: Alert }): JSX.Element | null {
  if (note !== null) return <a href={href("note", note)}>{t("alerts.story", { id: note })}</a>;
  if (receivable !== null) return <a href={href("receivable", receivable)}>{t("alerts.debt", { id: receivable })}</a>;
  return null;
}

function Seen({ alert: { acknowledged } }: { alert: Alert }): JSX.Element {
  const remark = acknowledged?.remark;
  return (
    <p>
      <Icon name="check" size={14} /> {t("alerts.seen", { at: formatInstant(acknowledged?.at ?? "") })}
      {remark && ` ${remark}`}
    </p>
  );
}

function Acknowledge({ alert: { id } }: { alert: Alert }): JSX.Element {
  const acting = useAct<"remark">({ name: "acknowledge", about: id }, { remark: ["remark"] });
  const [remark, setRemark] = useState("");
  return (
    <ActForm
      acting={acting}
      label={t("alerts.acknowledge")}
      act={() => ({ path: `/alerts/${id}/acknowledgement`, body: { remark } })}
    >
      <Field
        label={t("alerts.remark")}
        value={remark}
        error={acting.wrong("remark")}
        autocomplete="off"
        change={setRemark}
      />
    </ActForm>
  );
}
