import type { JSX } from "preact";
import { useResource } from "../api/resource";
import { status } from "../api/status";
import type { Operation, Page } from "../api/types";
import { type Column, DataTable } from "../components/DataTable";
import { Facts } from "../components/Facts";
import { Icon } from "../components/icons";
import { formatInstant } from "../format/dates";
import { formatCount } from "../format/money";
import { t } from "../i18n";

const SHOWN = 50;
const PARTS = ["chain", "index", "database", "worker"] as const;

/** How far the index is, what is missing for an act, and the operations that are under way. */
export function HealthPanel(): JSX.Element {
  const index = status.value?.index;
  const ready = useResource<{ status: string }>("/readyz");
  const missing = (ready.error?.problem.evidence?.missing ?? []) as string[];
  return (
    <section class="panel" aria-labelledby="health">
      <h2 id="health">{t("health.title")}</h2>
      <p role="status" class={missing.length > 0 ? "line-over" : undefined}>
        <Icon name={ready.error ? "warn" : "check"} size={14} />{" "}
        {ready.error
          ? t("health.missing", {
              parts: PARTS.filter((part) => missing.includes(part))
                .map(named)
                .join(", "),
            })
          : t("health.ready")}
      </p>
      {index && (
        <Facts
          facts={[
            { label: t("health.block"), value: <span class="num">{formatCount(index.block)}</span> },
            { label: t("health.head"), value: <span class="num">{formatCount(index.head)}</span> },
            { label: t("health.lag"), value: t("health.blocks", { n: index.lag }) },
            { label: t("health.reorgs"), value: <span class="num">{formatCount(index.reorgs)}</span> },
            {
              label: t("health.time"),
              value: <time dateTime={index.block_time}>{formatInstant(index.block_time)}</time>,
            },
          ]}
        />
      )}
      <Pending />
    </section>
  );
}

function named(part: (typeof PARTS)[number]): string {
  return t(`health.part.${part}`);
}

function Pending(): JSX.Element {
  const queued = useResource<Page<Operation>>(`/operations?status=queued&limit=${SHOWN}`);
  const sent = useResource<Page<Operation>>(`/operations?status=submitted&limit=${SHOWN}`);
  const pending = [...(sent.data?.items ?? []), ...(queued.data?.items ?? [])];
  return (
    <>
      <h3>
        {t("health.pending")} · <span class="num">{formatCount(pending.length)}</span>
      </h3>
      {pending.length > 0 && (
        <DataTable caption={t("health.pending")} columns={columns()} rows={pending} rowKey={(row) => row.id} />
      )}
    </>
  );
}

function columns(): Column<Operation>[] {
  return [
    { key: "id", label: t("act.number"), cell: (row) => <code>{row.id.slice(0, 8)}</code> },
    { key: "kind", label: t("approvals.what"), cell: (row) => <code>{row.kind}</code> },
    { key: "party", label: t("col.party"), cell: (row) => <span class="num">#{row.party}</span> },
    {
      key: "status",
      label: t("col.status"),
      cell: (row) => t(row.status === "queued" ? "stage.queued" : "stage.sent"),
    },
    {
      key: "since",
      label: t("approvals.asked"),
      cell: (row) => <time dateTime={row.created_at}>{formatInstant(row.created_at)}</time>,
    },
  ];
}
