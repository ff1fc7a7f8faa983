import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ActForm } from "../acts/ActForm";
import { useAct } from "../acts/useAct";
import type { Role } from "../api/types";
import { Field } from "../components/Form";
import { t } from "../i18n";
import { OPERATOR } from "../state/company";
import { FileHash } from "./FileHash";

const ROLES: readonly Role[] = [
  "core_enterprise",
  "supplier",
  "financier",
  "auditor",
  "registrar",
  "arbiter",
  "settlement_bank",
];
const EMPTY = { name_zh: "", name_en: "", credit_code: "", expiry: "", settlement: "", administrator: "" };
type Typed = typeof EMPTY;
const CLAIMS = {
  name_zh: ["parties[0].name_zh", "name-missing"],
  name_en: ["parties[0].name_en"],
  credit_code: ["parties[0].credit_code", "credit-code-invalid", "credit-code-already-admitted"],
  expiry: ["parties[0].identity_expiry"],
  settlement: ["parties[0].settlement_account"],
  administrator: ["parties[0].administrator"],
} as const;

/** The operator lets a company in. */
export function AdmitPanel(): JSX.Element {
  const acting = useAct<keyof Typed>({ name: "admit", about: "" }, CLAIMS);
  const [typed, setTyped] = useState(EMPTY);
  const [roles, setRoles] = useState<readonly Role[]>(["supplier"]);
  const [evidence, setEvidence] = useState<string | null>(null);
  const field = (name: keyof Typed): JSX.Element => (
    <Field
      key={name}
      label={t(`admit.${name}`)}
      value={typed[name]}
      error={acting.wrong(name)}
      autocomplete="off"
      change={(value) => setTyped({ ...typed, [name]: value })}
    />
  );
  const turn = (role: Role): void =>
    setRoles(roles.includes(role) ? roles.filter((each) => each !== role) : [...roles, role]);
  return (
    <section class="panel" aria-labelledby="admit">
      <h2 id="admit">{t("admit.title")}</h2>
      <ActForm
        acting={acting}
        label={t("admit.submit")}
        act={() => {
          if (evidence === null || roles.length === 0) return null;
          const { name_zh, name_en, credit_code } = typed;
          const party = {
            ...{ name_zh, name_en, credit_code, roles },
            identity_expiry: typed.expiry,
            settlement_account: typed.settlement,
            administrator: typed.administrator,
            evidence_hash: evidence,
          };
          return { path: "/parties", body: { party: OPERATOR, parties: [party] } };
        }}
      >
        {(Object.keys(EMPTY) as (keyof Typed)[]).map(field)}
        <fieldset class="roles">
          <legend>{t("col.roles")}</legend>
          {ROLES.map((role) => (
            <label key={role} class="tick">
              <input type="checkbox" checked={roles.includes(role)} onChange={() => turn(role)} /> {t(`role.${role}`)}
            </label>
          ))}
        </fieldset>
        <FileHash label={t("admit.evidence")} help={t("admit.evidenceHelp")} change={setEvidence} />
      </ActForm>
    </section>
  );
}
