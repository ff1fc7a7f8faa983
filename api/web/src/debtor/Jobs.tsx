import type { JSX } from "preact";
import { useResource } from "../api/resource";
import type { Job, Page, Party } from "../api/types";
import { type Column, DataTable } from "../components/DataTable";
import { formatInstant } from "../format/dates";
import { formatCount } from "../format/money";
import { t } from "../i18n";
import { href } from "../router";

const SHOWN = 10;

/** The last bulk confirmations, and how far each is. */
export function Jobs({ company }: { company: Party }): JSX.Element | null {
  const jobs = useResource<Page<Job>>(`/jobs?limit=${SHOWN}`);
  const mine = jobs.data?.items.filter((job) => job.party === company.id) ?? [];
  if (mine.length === 0) return null;
  return (
    <section class="block">
      <h2>{t("jobs.title")}</h2>
      <DataTable caption={t("jobs.title")} columns={columns()} rows={mine} rowKey={(job) => job.id} />
    </section>
  );
}

function columns(): Column<Job>[] {
  const count = (key: "rows" | "confirmed" | "refused"): Column<Job> => ({
    key,
    label: t(`jobs.${key}`),
    numeric: true,
    cell: (job) => <span class="num">{formatCount(job[key])}</span>,
  });
  return [
    {
      key: "asked",
      label: t("approvals.asked"),
      cell: (job) => <time dateTime={job.created_at}>{formatInstant(job.created_at)}</time>,
    },
    {
      key: "status",
      label: t("col.status"),
      cell: (job) =>
        job.status === "awaiting_approval" && job.approval !== null ? (
          <a href={href("approvals", null, { id: job.approval })}>{t("jobs.awaiting_approval")}</a>
        ) : (
          t(`jobs.${job.status}`)
        ),
    },
    count("rows"),
    count("confirmed"),
    count("refused"),
  ];
}
