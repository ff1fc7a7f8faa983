import type { JSX } from "preact";
import { useResource } from "../api/resource";
import type { Certificate } from "../api/types";
import { Facts } from "../components/Facts";
import { Icon } from "../components/icons";
import { Empty, Reading } from "../components/states";
import { Money, partyName } from "../components/values";
import { formatCount } from "../format/money";
import { t } from "../i18n";
import { route } from "../router";

/** What a printed certificate says, for whoever has it in hand: the same, and whether it is still so. */
export function CertificateView(): JSX.Element {
  const code = route.value.query.get("code") ?? "";
  if (!/^[A-Za-z0-9_-]{58}$/.test(code)) {
    return (
      <Empty of="view" title={t("certificate.title")}>
        <p>{t("certificate.noCode")}</p>
      </Empty>
    );
  }
  return <Checked code={code} />;
}

function Checked({ code }: { code: string }): JSX.Element {
  const read = useResource<Certificate>(`/certificates/${code}`);
  return (
    <Reading of="view" from={read}>
      {(found) => (
        <article class="view view-narrow">
          <header class="view-head">
            <h1>{t("certificate.title")}</h1>
          </header>
          <section class={found.stands ? "verdict verdict-yes" : "verdict verdict-no"}>
            <h2>
              <Icon name={found.stands ? "check" : "warn"} size={18} />{" "}
              {t(found.stands ? "certificate.stands" : "certificate.changed")}
            </h2>
            <p>{t("certificate.asOf", { block: formatCount(found.checked_block) })}</p>
            <Facts
              facts={[
                { label: t("check.note"), value: `${found.note}` },
                { label: t("certificate.amount"), value: <Money minor={found.value} currency={found.currency} /> },
                found.in_capitals === null
                  ? null
                  : { label: t("certificate.capitals"), value: <span lang="zh-Hans">{found.in_capitals}</span> },
                { label: t("fact.debtor"), value: partyName(found.debtor) },
                { label: t("fact.holder"), value: partyName(found.holder) },
                { label: t("fact.due"), value: <span class="num">{found.due_date}</span> },
                { label: t("certificate.block"), value: formatCount(found.block) },
              ]}
            />
          </section>
          <p>{t("certificate.only")}</p>
        </article>
      )}
    </Reading>
  );
}
