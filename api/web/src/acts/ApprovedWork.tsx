import type { JSX } from "preact";
import type { Approval } from "../api/types";
import { lazy } from "../components/lazy";
import { t } from "../i18n";
import { company, mayAct } from "../state/company";
import { ActState } from "./ActForm";
import { OperationsMore, OperationsWords } from "./OperationsState";
import { useAct } from "./useAct";

const Outside = lazy(() => import("./Outside").then((module) => module.default));

/**
 * What two people have approved: how far it is. Of a company that keeps its key itself the account signs it here first, and
 * the service carries it.
 */
export function ApprovedWork({
  approval: { id, party, status, operations },
}: {
  approval: Approval;
}): JSX.Element | null {
  const subject = { name: "approved", about: id } as const;
  const acting = useAct(subject);
  if (operations.length > 0) {
    return (
      <section class="panel">
        <h2>{t("approval.far")}</h2>
        <div class="act">
          <div role="status">
            <OperationsWords ids={operations} />
          </div>
          <OperationsMore ids={operations} />
        </div>
      </section>
    );
  }
  if (status !== "approved" || party !== company.value || !mayAct.value) return null;
  const act = { ...subject, path: "/operations/relayed", body: { party, approval: id }, outside: "approved" } as const;
  return (
    <section class="panel">
      <h2>{t("approval.send")}</h2>
      {acting.progress.at === "open" && <Outside act={act} approval={id} />}
      <ActState acting={acting} />
    </section>
  );
}
