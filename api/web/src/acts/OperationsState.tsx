import type { JSX } from "preact";
import type { Operation } from "../api/types";
import { Facts } from "../components/Facts";
import { problemText } from "../components/Form";
import { Icon, type IconName } from "../components/icons";
import { Hash } from "../components/values";
import { formatCount } from "../format/money";
import { t } from "../i18n";
import { operation, type Stage, stageOf } from "./live";

const ICONS: Readonly<Record<Stage, IconName>> = {
  failed: "cross",
  reversed: "back",
  queued: "clock",
  sent: "pass",
  included: "hold",
  confirmed: "hold",
  final: "check",
};
const WAY = ["sent", "included", "confirmed", "final"] as const;

/** How far operations are, in a sentence: what belongs into a status region, and no more. */
export function OperationsWords({ ids }: { ids: readonly string[] }): JSX.Element {
  const stage = stageOf(ids);
  if (stage === null) return <p class="act-now">{t("state.loading")}</p>;
  const failed = known(ids).find((one) => one.status === "failed");
  return (
    <p class={`act-now act-${stage}`}>
      <Icon name={ICONS[stage]} /> {t(`stage.${stage}`)}
      {failed?.error && ` ${problemText({ status: 409, ...failed.error })}`}
      {failed && !failed.final && ` ${t("stage.failedOpen")}`}
    </p>
  );
}

interface MoreProps {
  ids: readonly string[];
  /** Closes what has ended, so that it can be done anew. */
  again?: () => void;
}

/** The same as a way of four steps, and by the chain's own names in the details. */
export function OperationsMore({ ids, again }: MoreProps): JSX.Element {
  const stage = stageOf(ids);
  const operations = known(ids);
  const over = operations.length === ids.length && operations.every((one) => one.final);
  return (
    <>
      {stage !== null && stage !== "failed" && <Way stage={stage} />}
      <details class="act-details">
        <summary>{t("act.details")}</summary>
        {operations.map((one) => (
          <Facts key={one.id} facts={facts(one)} />
        ))}
      </details>
      {over && again && (
        <p>
          <button type="button" class="button quiet" onClick={again}>
            {t("act.close")}
          </button>
        </p>
      )}
    </>
  );
}

function known(ids: readonly string[]): Operation[] {
  return ids.map((id) => operation(id).value).filter((one) => one !== null);
}

function Way({ stage }: { stage: Exclude<Stage, "failed"> }): JSX.Element {
  const reached = WAY.findIndex((step) => step === stage);
  return (
    <ol class="act-way">
      {WAY.map((step, index) => (
        <li
          key={step}
          class={index <= reached ? "reached" : undefined}
          aria-current={index === reached ? "step" : undefined}
        >
          {t(`step.${step}`)}
          {index <= reached && <span class="hidden"> {t("step.reached")}</span>}
        </li>
      ))}
    </ol>
  );
}

function facts(one: Operation): { label: string; value: JSX.Element }[] {
  const tx = t("fact.tx");
  return [
    { label: t("act.number"), value: <code>{one.id}</code> },
    ...(one.tx_hash ? [{ label: tx, value: <Hash value={one.tx_hash} what={tx} /> }] : []),
    ...(one.block === null
      ? []
      : [{ label: t("fact.block"), value: <span class="num">{formatCount(one.block)}</span> }]),
  ];
}
