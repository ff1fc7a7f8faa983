import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ActForm } from "../acts/ActForm";
import { useAct } from "../acts/useAct";
import { status } from "../api/status";
import type { Party } from "../api/types";
import { Field } from "../components/Form";
import { parseMinor, typedMinor } from "../format/money";
import { t } from "../i18n";
import { OPERATOR } from "../state/company";
import { FileHash } from "./FileHash";
import { Recovery } from "./Recovery";

/** What the operator may do about a party: stop it and let it go on; how much it may owe; who shall control it. */
export default function PartyActs({ party }: { party: Party }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="operate">
      <h2 id="operate">{t("operate.title")}</h2>
      {party.status === "suspended" ? <Reinstate party={party} /> : <Suspend party={party} />}
      {party.roles.includes("core_enterprise") && <CreditLine party={party} />}
      <Recovery party={party} />
    </section>
  );
}

function Suspend({ party }: { party: Party }): JSX.Element {
  const acting = useAct({ name: "suspend", about: party.id });
  const [reason, setReason] = useState<string | null>(null);
  return (
    <ActForm
      acting={acting}
      label={t("operate.suspend")}
      act={() =>
        reason === null
          ? null
          : { path: `/parties/${party.id}/suspend`, body: { party: OPERATOR, reason_hash: reason } }
      }
    >
      <FileHash label={t("operate.reason")} help={t("operate.reasonHelp")} change={setReason} />
    </ActForm>
  );
}

function Reinstate({ party }: { party: Party }): JSX.Element {
  const acting = useAct({ name: "reinstate", about: party.id });
  return (
    <ActForm
      acting={acting}
      label={t("operate.reinstate")}
      act={() => ({ path: `/parties/${party.id}/reinstate`, body: { party: OPERATOR } })}
    />
  );
}

function CreditLine({ party }: { party: Party }): JSX.Element {
  const currency = status.value?.currencies[0];
  const acting = useAct<"limit">({ name: "line", about: party.id }, { limit: ["limit"] });
  const line = party.lines?.find((each) => each.currency === currency?.token);
  const [typed, setTyped] = useState(line && currency ? typedMinor(BigInt(line.limit), currency.decimals) : "");
  if (!currency) return <></>;
  return (
    <ActForm
      acting={acting}
      label={t("operate.setLine")}
      act={() => {
        const limit = parseMinor(typed, currency.decimals);
        if (limit === null) return null;
        const body = { party: OPERATOR, currency: currency.code, limit: `${limit}` };
        return { method: "PUT", path: `/parties/${party.id}/credit-lines`, body };
      }}
    >
      <Field
        label={t("operate.line", { currency: currency.code })}
        value={typed}
        error={acting.wrong("limit")}
        inputMode="decimal"
        autocomplete="off"
        change={setTyped}
      />
    </ActForm>
  );
}
