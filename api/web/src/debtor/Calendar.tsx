import type { JSX } from "preact";
import type { Owed } from "../api/types";
import { Money } from "../components/values";
import { t } from "../i18n";
import { locale } from "../state/preferences";
import { sumsOf } from "./sums";

const DAY_MS = 86_400_000;
const WEEK = 7;

/** A month of business dates, Monday first: how many debts fall due on each day, and how much. */
export function Calendar({
  month,
  debts,
  today,
}: {
  month: string;
  debts: readonly Owed[];
  today: string;
}): JSX.Element {
  const weeks = weeksOf(month);
  const name = new Intl.DateTimeFormat(locale.value === "zh" ? "zh-CN" : "en", { weekday: "short", timeZone: "UTC" });
  return (
    <section class="block">
      <h2>{t("due.calendar", { month })}</h2>
      <table class="calendar">
        <caption class="hidden">{t("due.calendar", { month })}</caption>
        <thead>
          <tr>
            {weeks[0]?.map((day) => (
              <th key={day} scope="col">
                {name.format(Date.parse(day))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <Day key={day} day={day} inMonth={day.startsWith(month)} today={day === today} debts={debts} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface DayProps {
  day: string;
  inMonth: boolean;
  today: boolean;
  debts: readonly Owed[];
}

function Day({ day, inMonth, today, debts }: DayProps): JSX.Element {
  if (!inMonth) return <td class="calendar-out" />;
  const mine = debts.filter((debt) => debt.due_date === day);
  return (
    <td class={mine.length > 0 ? "calendar-due" : undefined} aria-current={today ? "date" : undefined}>
      <time dateTime={day}>{Number(day.slice(8))}</time>
      {sumsOf(mine, ({ currency, outstanding }) => ({ currency, amount: outstanding })).map((sum) => (
        <span key={sum.currency.id} class="calendar-sum">
          <span class="calendar-count">{t("due.count", { n: sum.count })}</span>{" "}
          <span class="calendar-money">
            <Money minor={sum.amount} currency={sum.currency} />
          </span>
        </span>
      ))}
    </td>
  );
}

/** The weeks that a month ("2026-12") touches, as dates. */
function weeksOf(month: string): string[][] {
  const first = Date.parse(`${month}-01T00:00:00Z`);
  const monday = first - ((new Date(first).getUTCDay() + 6) % WEEK) * DAY_MS;
  const weeks: string[][] = [];
  for (let start = monday; weeks.length === 0 || dateOf(start).startsWith(month); start += WEEK * DAY_MS) {
    weeks.push(Array.from({ length: WEEK }, (_, day) => dateOf(start + day * DAY_MS)));
  }
  return weeks;
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
