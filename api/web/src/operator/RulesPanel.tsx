import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ActForm } from "../acts/ActForm";
import { useAct } from "../acts/useAct";
import { useResource } from "../api/resource";
import type { AnnouncedChange, Rules } from "../api/types";
import { Facts } from "../components/Facts";
import { Field } from "../components/Form";
import { Icon } from "../components/icons";
import { Reading } from "../components/states";
import { formatInstant } from "../format/dates";
import { t } from "../i18n";
import { OPERATOR, operates } from "../state/company";

type Policy = Rules["policy"];
const NUMBERS = [
  "default_tenor_days",
  "hard_tenor_days",
  "terms_days",
  "tier_limit",
  "grace_days",
  "overdue_rate_bps",
  "offer_lifetime_days",
  "min_child_value",
] as const;
type Named = (typeof NUMBERS)[number];

/** The rules in force, what is announced, and, for the operator, changing them. */
export function RulesPanel(): JSX.Element {
  const rules = useResource<Rules>("/network/policy");
  const changes = useResource<{ items: AnnouncedChange[] }>("/network/changes");
  return (
    <section class="panel" aria-labelledby="rules">
      <h2 id="rules">{t("rules.title")}</h2>
      <Reading from={rules}>
        {({ number, policy, paused }) => (
          <>
            <p role="status" class={paused ? "line-over" : undefined}>
              <Icon name={paused ? "pause" : "check"} size={14} /> {t(paused ? "rules.paused" : "rules.open")}
            </p>
            {operates.value && <Pause key={String(paused)} paused={paused} />}
            <h3>{t("rules.policy", { number })}</h3>
            <Terms policy={policy} />
            {operates.value && <Change key={number} policy={policy} />}
          </>
        )}
      </Reading>
      <h3>{t("rules.announced")}</h3>
      <Reading from={changes}>
        {({ items }) =>
          items.length === 0 ? (
            <p>{t("rules.nothing")}</p>
          ) : (
            <ul class="plain">
              {items.map((change) => (
                <Announced key={change.id} change={change} />
              ))}
            </ul>
          )
        }
      </Reading>
    </section>
  );
}

function Terms({ policy }: { policy: Policy }): JSX.Element {
  const required = t(policy.registry_reference_required ? "rules.yes" : "rules.no");
  return (
    <Facts
      facts={[
        ...NUMBERS.map((name) => ({ label: t(`rules.${name}`), value: <span class="num">{policy[name]}</span> })),
        { label: t("rules.registry_reference_required"), value: required },
      ]}
    />
  );
}

/** Pausing stops everybody's business and is one person's act: out of the way of a finger that slips. */
function Pause({ paused }: { paused: boolean }): JSX.Element {
  const acting = useAct({ name: paused ? "resume" : "pause", about: "" });
  const form = (
    <ActForm
      acting={acting}
      label={t(paused ? "rules.resume" : "rules.pause")}
      act={() => ({ method: "PUT", path: "/network/pause", body: { party: OPERATOR, paused: !paused } })}
    />
  );
  if (paused) return form;
  return (
    <details class="more">
      <summary>{t("rules.emergency")}</summary>
      <p class="help">{t("rules.pauseHelp")}</p>
      {form}
    </details>
  );
}

const CLAIMS = Object.fromEntries(NUMBERS.map((name) => [name, [name]])) as unknown as Record<Named, readonly string[]>;

function Change({ policy }: { policy: Policy }): JSX.Element {
  const acting = useAct<Named>({ name: "policy", about: "" }, CLAIMS);
  const [typed, setTyped] = useState<Record<Named, string>>(
    () => Object.fromEntries(NUMBERS.map((name) => [name, String(policy[name])])) as Record<Named, string>,
  );
  const [required, setRequired] = useState(policy.registry_reference_required);
  return (
    <details class="more">
      <summary>{t("rules.change")}</summary>
      <ActForm
        acting={acting}
        label={t("rules.set")}
        act={() => {
          const wanted = NUMBERS.map((name) => [name, name === "min_child_value" ? typed[name] : Number(typed[name])]);
          const terms = { ...Object.fromEntries(wanted), registry_reference_required: required };
          return { method: "PUT", path: "/network/policy", body: { party: OPERATOR, ...terms } };
        }}
      >
        <p class="help">{t("rules.changeHelp")}</p>
        {NUMBERS.map((name) => (
          <Field
            key={name}
            label={t(`rules.${name}`)}
            value={typed[name]}
            error={acting.wrong(name)}
            inputMode="numeric"
            pattern="[0-9]+"
            autocomplete="off"
            change={(value) => setTyped({ ...typed, [name]: value })}
          />
        ))}
        <label class="tick">
          <input type="checkbox" checked={required} onChange={() => setRequired(!required)} />{" "}
          {t("rules.registry_reference_required")}
        </label>
      </ActForm>
    </details>
  );
}

function Announced({ change }: { change: AnnouncedChange }): JSX.Element {
  const { id, contract, policy, ready_at, status } = change;
  const execute = useAct({ name: "change", about: id });
  const cancel = useAct({ name: "unchange", about: id });
  const path = `/network/changes/${id}`;
  const at = <time dateTime={ready_at}>{formatInstant(ready_at)}</time>;
  return (
    <li>
      <p>
        <strong>{policy ? t("rules.newPolicy") : <code>{`${contract ?? "?"}.${change.function ?? "?"}`}</code>}</strong>{" "}
        · {t(status === "ready" ? "rules.readySince" : "rules.readyFrom")} {at}
      </p>
      {policy && <Terms policy={policy} />}
      {operates.value && status === "ready" && (
        <ActForm
          acting={execute}
          label={t("rules.execute")}
          act={() => ({ path: `${path}/execute`, body: { party: OPERATOR } })}
        />
      )}
      {operates.value && (
        <ActForm
          acting={cancel}
          label={t("rules.cancel")}
          act={() => ({ path: `${path}/cancel`, body: { party: OPERATOR } })}
        />
      )}
    </li>
  );
}
