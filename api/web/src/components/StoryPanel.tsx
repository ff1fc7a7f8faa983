import type { ComponentChildren, JSX } from "preact";
import type { Currency } from "../api/types";
import { dateOf } from "../format/dates";
import { t, rich, type Key, type PlainKey } from "../i18n";
import { legKey } from "../ledger/cash";
import { type Balance, STEPS, type Story } from "../ledger/story";
import { LegIcon, LegSentence } from "../graph/CashList";
import { Icon } from "./icons";
import { Hash, Money, partyName, shortHash } from "./values";

interface Props {
  story: Story;
  step: number;
  go: (step: number) => void;
}

const LEGS_TOLD = 4;

/** One note's story in three steps; the arrow keys walk it while the focus is inside. */
export function StoryPanel({ story, step, go }: Props): JSX.Element {
  const walk = (to: number): void => {
    if (to >= 1 && to <= STEPS) go(to);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    walk(step + by);
  };
  const titles: PlainKey[] = ["story.1", story.path.length > 1 ? "story.2" : "story.2kept", "story.3"];
  return (
    <section class="story" aria-label={t("story.label")} onKeyDown={onKeyDown}>
      <ol class="story-steps">
        {titles.map((title, index) => (
          <li key={title}>
            <button type="button" aria-current={step === index + 1 ? "step" : undefined} onClick={() => go(index + 1)}>
              <span class="story-number num" aria-hidden="true">
                {index + 1}
              </span>
              <span class="hidden">{t("story.step", { n: index + 1, of: STEPS })}: </span>
              {t(title)}
            </button>
          </li>
        ))}
      </ol>
      <div class="story-text" aria-live="polite">
        {step === 1 ? (
          <Confirmed story={story} />
        ) : step === 2 ? (
          <PassedDown story={story} />
        ) : (
          <CashBack story={story} />
        )}
      </div>
      <div class="story-walk">
        <button type="button" class="button quiet" aria-disabled={step === 1} onClick={() => walk(step - 1)}>
          <Icon name="previous" />
          {t("story.back")}
        </button>
        <button type="button" class="button" aria-disabled={step === STEPS} onClick={() => walk(step + 1)}>
          {t("story.next")}
          <Icon name="next" />
        </button>
        <span class="story-keys">{t("story.keys")}</span>
      </div>
    </section>
  );
}

const Strong = ({ children }: { children: ComponentChildren }): JSX.Element => <strong>{children}</strong>;

function Confirmed({ story: { receivable } }: { story: Story }): JSX.Element {
  const shown = {
    date: <span class="num">{receivable.confirmed_date ?? dateOf(receivable.source.time)}</span>,
    debtor: <Strong>{partyName(receivable.debtor)}</Strong>,
    due: (
      <Strong>
        <span class="num">{receivable.due_date}</span>
      </Strong>
    ),
    root: <span class="num">#{receivable.root}</span>,
  };
  return (
    <>
      <p class="story-lead">
        {receivable.creditor === null || receivable.face_value === null
          ? rich("story.1textPart", shown)
          : rich("story.1text", {
              ...shown,
              creditor: <Strong>{partyName(receivable.creditor)}</Strong>,
              face: (
                <Strong>
                  <Money minor={receivable.face_value} currency={receivable.currency} />
                </Strong>
              ),
            })}
      </p>
      <p class="story-proof">
        {receivable.invoices && t("story.1proof", { n: receivable.invoices.length })} {t("fact.tx")}{" "}
        <Hash value={receivable.source.tx_hash} what={t("fact.tx")} />
      </p>
    </>
  );
}

function PassedDown({ story }: { story: Story }): JSX.Element {
  const { path, receivable, note } = story;
  const [root] = path;
  const hops = path.slice(1);
  if (!root || hops.length === 0) {
    const names = { holder: partyName(note.holder), debtor: partyName(receivable.debtor) };
    return <p class="story-lead">{t("story.2textKept", names)}</p>;
  }
  return (
    <>
      <p class="story-lead">
        {rich("story.2text", {
          first: <Strong>{partyName(root.holder)}</Strong>,
          last: <Strong>{partyName(note.holder)}</Strong>,
          n: hops.length,
          where: note.financed ? t("story.atFinancier") : t("story.atTier", { n: note.tier }),
          face: (
            <Strong>
              <Money minor={note.face} currency={receivable.currency} />
            </Strong>
          ),
        })}
      </p>
      <ol class="hops">
        {hops.map((hop) => (
          <li key={hop.id}>
            <span class="hop-place">{hop.financed ? t("tier.financier") : t("tier.n", { n: hop.tier })}</span>
            <span>
              {rich(hop.financed ? "story.hopSold" : "story.hop", {
                to: partyName(hop.holder),
                amount: <Money minor={hop.face} currency={receivable.currency} />,
                date: <span class="num">{dateOf(hop.source.time)}</span>,
              })}
            </span>
            {hop.trade_hash && (
              <span class="hop-proof">
                {t("fact.tradeHash")} <code title={hop.trade_hash}>{shortHash(hop.trade_hash)}</code>
              </span>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

function CashBack({ story }: { story: Story }): JSX.Element {
  const { receivable, legs, note } = story;
  const own = legs.filter((leg) => leg.note === note.id);
  const told = [...own, ...legs.filter((leg) => leg.note !== note.id)].slice(0, LEGS_TOLD);
  return (
    <>
      <p class="story-lead">{outcome(story)}</p>
      <ul class="story-legs">
        {told.map((leg) => (
          <li key={legKey(leg)} class={`leg-${leg.kind}`}>
            <LegIcon kind={leg.kind} />
            <span class="num">{dateOf(leg.source.time)}</span>
            <span>
              <LegSentence leg={leg} currency={receivable.currency} />
            </span>
          </li>
        ))}
      </ul>
      {legs.length > told.length && <p>{t("story.moreLegs", { n: legs.length - told.length })}</p>}
      {story.balance && <BalanceLine balance={story.balance} currency={receivable.currency} />}
    </>
  );
}

function outcome(story: Story): ComponentChildren {
  const { note, receivable, financed } = story;
  const holder = <Strong>{partyName(note.holder)}</Strong>;
  const debtor = <Strong>{partyName(receivable.debtor)}</Strong>;
  const due = <span class="num">{receivable.due_date}</span>;
  const cash = (
    <Strong>
      <Money minor={financed} currency={receivable.currency} />
    </Strong>
  );
  switch (story.outcome) {
    case "both":
      return rich("story.3textBoth", { holder, cash, debtor });
    case "financed":
      return rich("story.3textFinanced", { holder, cash, debtor, due });
    case "repaid":
      return rich("story.3textRepaid", { debtor });
    case "waiting":
      return rich("story.3textWaiting", { due, debtor });
    case "cancelled":
      return t("story.3textCancelled");
    case "returned":
      return t("story.3textReturned");
  }
}

/** The face value as the sum of where it is now: the reader can add it up. */
function BalanceLine({ balance, currency }: { balance: Balance; currency: Currency }): JSX.Element {
  const parts: [Key & `story.part${string}`, bigint][] = [
    ["story.partRepaid", balance.repaid],
    ["story.partLeft", balance.left],
    [balance.restIs === "returned" ? "story.partReturned" : "story.partExtinguished", balance.rest],
  ];
  const shown = parts.filter(([, amount]) => amount !== 0n);
  return (
    <p class="balance">
      <Icon name="check" />
      {t("story.balance")}
      <span class="num">
        {rich("story.balanceSum", {
          face: <Money minor={balance.face} currency={currency} />,
          parts: shown.map(([key, amount], index) => (
            <span key={key}>
              {index > 0 && " + "}
              {rich(key, { amount: <Money minor={amount} currency={currency} /> })}
            </span>
          )),
        })}
      </span>
    </p>
  );
}
