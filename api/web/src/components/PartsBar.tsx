import type { JSX } from "preact";
import type { Currency } from "../api/types";
import { share } from "../format/money";
import { t, type PlainKey } from "../i18n";
import { Money, money } from "./values";

export type PartName =
  "repaid" | "outstanding" | "extinguished" | "cancelled" | "left" | "passed" | "sold" | "returned";

export interface Part {
  name: PartName;
  amount: bigint;
}

const LABELS: Readonly<Record<PartName, PlainKey>> = {
  repaid: "parts.repaid",
  outstanding: "parts.outstanding",
  extinguished: "parts.extinguished",
  cancelled: "parts.cancelled",
  left: "parts.left",
  passed: "parts.passed",
  sold: "parts.sold",
  returned: "parts.returned",
};

/** A face value and where it is. */
export interface Division {
  face: bigint;
  parts: readonly Part[];
}

/** How a face value divides: a bar and, beside it, every part in words and to the cent. */
export function PartsBar({ of, currency }: { of: Division | null; currency: Currency | null }): JSX.Element | null {
  if (of === null) return null;
  const parts = of.parts.filter((part) => part.amount > 0n);
  return (
    <figure class="parts" aria-label={t("parts.label", { face: money(of.face, currency) })}>
      <Strip of={{ face: of.face, parts }} />
      <ul class="parts-legend">
        {parts.map((part) => (
          <li key={part.name}>
            <span class={`swatch part-${part.name}`} aria-hidden="true" />
            {t(LABELS[part.name])} <Money minor={part.amount} currency={currency} />
          </li>
        ))}
      </ul>
    </figure>
  );
}

export function Strip({ of }: { of: Division | null }): JSX.Element | null {
  let at = 0;
  if (of === null) return null;
  return (
    <svg class="strip" aria-hidden="true" focusable="false">
      {of.parts.map((part) => {
        const width = share(part.amount, of.face) * 100;
        const x = at;
        at += width;
        return <rect key={part.name} class={`part-${part.name}`} x={`${x}%`} width={`${width}%`} height="100%" />;
      })}
    </svg>
  );
}
