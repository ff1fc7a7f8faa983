import type { ComponentChildren, JSX } from "preact";
import { UnderWay } from "../acts/UnderWay";
import { unknownHere } from "../api/client";
import { replaced, status, statusError } from "../api/status";
import type { Party } from "../api/types";
import { formatInstant } from "../format/dates";
import { formatCount } from "../format/money";
import { t, type PlainKey } from "../i18n";
import { homeOf } from "../home";
import { href, route, type Route, type RouteName } from "../router";
import { actFor, operates, OPERATOR, useCompany, useSeesAll } from "../state/company";
import { person, signOut } from "../state/session";
import { FormFailure, useDoing } from "./Form";
import { Icon } from "./icons";
import { TakeoverBanner } from "./KeyChanges";
import { Mark, Preferences } from "./Preferences";
import { Search } from "./Search";
import { partyName } from "./values";

/** Header, banners, footer: what stands around every view. */
export function Shell({ children }: { children: ComponentChildren }): JSX.Element {
  return (
    <>
      <a class="skip" href="#content" onClick={toContent}>
        {t("app.skip")}
      </a>
      <header>
        <DemoBanner />
        <div class="top">
          <a class="brand" href={href("story")}>
            <Mark />
            <span>Cascade</span>
          </a>
          {!unknownHere.value && (
            <>
              <Nav />
              <Search />
            </>
          )}
          <Preferences />
        </div>
        <Who />
        <IndexBanner />
        <TakeoverBanner />
      </header>
      <main id="content" tabIndex={-1}>
        <UnderWay />
        {children}
      </main>
      <Footer />
    </>
  );
}

/** The hash is the route, so the skip link moves the focus itself. */
function toContent(event: Event): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

const NAV: readonly { name: RouteName; label: PlainKey; covers: readonly Route["name"][] }[] = [
  { name: "story", label: "nav.story", covers: ["story"] },
  { name: "overview", label: "nav.overview", covers: ["overview"] },
  { name: "receivables", label: "nav.receivables", covers: ["receivables", "receivable"] },
  { name: "notes", label: "nav.notes", covers: ["notes", "note"] },
  { name: "parties", label: "nav.parties", covers: ["parties", "party"] },
];
/** Where people sign in, they sign. */
const APPROVALS: (typeof NAV)[number] = { name: "approvals", label: "nav.approvals", covers: ["approvals"] };
const HOME: (typeof NAV)[number] = {
  name: "story",
  label: "nav.home",
  covers: ["story", "holdings", "desk", "payables"],
};
const PORTFOLIO: (typeof NAV)[number] = { name: "portfolio", label: "nav.portfolio", covers: ["portfolio"] };
/** For those who run or audit the network. */
const NETWORK: (typeof NAV)[number] = { name: "network", label: "nav.network", covers: ["network"] };
/** Core enterprises' own, of those who begin elsewhere. */
const PAYABLES: (typeof NAV)[number] = { name: "payables", label: "nav.payables", covers: ["payables"] };

/** A company's own work first; onlookers begin with the story. */
function places(own: Party | null, watches: boolean): typeof NAV {
  const [story, ...others] = NAV;
  const home = own && homeOf(own.roles);
  const first = home ? HOME : story;
  return [
    ...(first ? [first] : []),
    ...(own?.roles.includes("core_enterprise") && home !== "payables" ? [PAYABLES] : []),
    ...(own?.roles.includes("financier") ? [PORTFOLIO] : []),
    ...others,
    ...(person.value ? [APPROVALS] : []),
    ...(watches ? [NETWORK] : []),
  ];
}

function Nav(): JSX.Element {
  const present = route.value.name;
  const seesAll = useSeesAll();
  return (
    <nav class="nav" aria-label={t("app.menu")}>
      {places(useCompany(), operates.value || seesAll).map(({ name, label, covers }) => (
        <a key={name} href={href(name)} aria-current={covers.includes(present) ? "page" : undefined}>
          {t(label)}
        </a>
      ))}
    </nav>
  );
}

/** Who is signed in, for which company, and the way out. */
function Who(): JSX.Element | null {
  const doing = useDoing();
  const who = person.value;
  const company = useCompany();
  if (!who) return company && <ActingFor company={company} />;
  return (
    <div class="who">
      <span>
        {who.party === OPERATOR
          ? t("who.operator", { name: who.name ?? "" })
          : t("who.of", {
              name: who.name ?? "",
              company: partyName(company ?? { id: who.party, name_zh: "", name_en: "" }),
            })}
      </span>
      <button type="button" class="link" aria-disabled={doing.busy} onClick={() => doing.run(signOut)}>
        {t("who.out")}
      </button>
      <FormFailure failure={doing.failure} />
    </div>
  );
}

/** Where nobody signs in: for whom it was chosen to act, and the way back. */
function ActingFor({ company }: { company: Party }): JSX.Element {
  return (
    <div class="who">
      <span>{t("company.acting", { company: partyName(company) })}</span>
      <button type="button" class="link" onClick={() => actFor(null)}>
        {t("company.stop")}
      </button>
    </div>
  );
}

function DemoBanner(): JSX.Element | null {
  if (!status.value?.demo) return null;
  return (
    <p class="banner banner-demo" role="note">
      <Icon name="warn" size={14} />
      <strong>{t("banner.demo")}</strong>
      <span>{t("banner.demoMore")}</span>
    </p>
  );
}

/** Said only when something is wrong with what is on screen: behind the chain, or cut off from the server. */
function IndexBanner(): JSX.Element | null {
  const present = status.value;
  if (!present) return null;
  const { index } = present;
  const time = formatInstant(index.block_time);
  const text = statusError.value
    ? t("banner.offline", { time })
    : index.stale
      ? t("banner.stale", { lag: index.lag, block: formatCount(index.block), time })
      : null;
  return (
    <div role="status">
      {text && (
        <p class="banner banner-warn">
          <Icon name="warn" size={14} />
          <span>{text}</span>
        </p>
      )}
      {replaced.value !== null && (
        <p class="banner banner-warn">
          <Icon name="back" size={14} />
          <span>{t("banner.reorg", { time: formatInstant(replaced.value) })}</span>
          <button type="button" class="link" onClick={() => (replaced.value = null)}>
            {t("banner.close")}
          </button>
        </p>
      )}
    </div>
  );
}

function Footer(): JSX.Element {
  const present = status.value;
  const state = statusError.value ? "offline" : present?.index.stale ? "behind" : "live";
  return (
    <footer class="foot">
      {present && (
        <>
          <span class={`liveness liveness-${state}`}>
            <Icon name={state === "live" ? "check" : "warn"} size={13} />
            {t(`foot.${state}`)}
          </span>
          <span class="num">{t("foot.block", { block: formatCount(present.index.block) })}</span>
          <span class="num">{t("foot.chain", { id: present.index.chain_id })}</span>
          <span class="num">{t("foot.today", { date: present.today })}</span>
          {present.index.reorgs > 0 && <span>{t("foot.reorgs", { n: present.index.reorgs })}</span>}
        </>
      )}
      <span>{t("foot.zone")}</span>
    </footer>
  );
}
