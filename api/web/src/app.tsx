import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { unknownHere } from "./api/client";
import type { Role } from "./api/types";
import { pollStatus, status, statusError } from "./api/status";
import { lazy } from "./components/lazy";
import { NoCompany } from "./components/NoCompany";
import { Shell } from "./components/Shell";
import { Empty, Failure, Loading } from "./components/states";
import { t } from "./i18n";
import { type Home, homeOf } from "./home";
import { href, route, type Route } from "./router";
import { me } from "./state/session";
import { company, useCompany } from "./state/company";
import { NotesView, PartiesView, ReceivablesView } from "./views/Listing";
import { OverviewView } from "./views/OverviewView";
import { PartyView } from "./views/PartyView";

/** The drawings, and what only those need who sign in, come when a view first needs them. */
const NoteView = lazy(() => import("./views/NoteView").then((module) => module.NoteView));
const ApprovalsView = lazy(() => import("./views/ApprovalsView").then((module) => module.ApprovalsView));
const PayablesView = lazy(() => import("./views/PayablesView").then((module) => module.PayablesView));
const CertificateView = lazy(() => import("./views/CertificateView").then((module) => module.CertificateView));
const NetworkView = lazy(() => import("./views/NetworkView").then((module) => module.NetworkView));
const EnrolView = lazy(() => import("./views/EnrolView").then((module) => module.EnrolView));
const SignInView = lazy(() => import("./views/SignInView").then((module) => module.SignInView));
const DeskView = lazy(() => import("./views/DeskView").then((module) => module.DeskView));
const PortfolioView = lazy(() => import("./views/PortfolioView").then((module) => module.PortfolioView));
const HoldingsView = lazy(() => import("./views/HoldingsView").then((module) => module.HoldingsView));
const ReceivableView = lazy(() => import("./views/ReceivableView").then((module) => module.ReceivableView));

/** Views that are a company's own work, and whose. */
const WORK: Partial<Record<Route["name"], Role>> = {
  holdings: "supplier",
  desk: "financier",
  portfolio: "financier",
  payables: "core_enterprise",
};

export function App(): JSX.Element {
  const present = route.value;
  useNewView(present);
  return (
    <Shell>
      <View key={`${present.name} ${present.id}`} route={present} />
    </Shell>
  );
}

function View({ route: { name, id } }: { route: Route }): JSX.Element {
  if (name === "enrol") return <EnrolView />;
  if (name === "certificate") return <CertificateView />;
  if (unknownHere.value) return <SignInView />;
  if (!status.value) {
    return statusError.value ? (
      <Failure of="view" error={statusError.value} retry={() => void pollStatus()} />
    ) : (
      <Loading />
    );
  }
  const worker = WORK[name];
  if (worker && company.value === null) return me.value ? <NoCompany role={worker} /> : <Loading />;
  switch (name) {
    case "story":
      return <StoryView />;
    case "overview":
      return <OverviewView />;
    case "receivables":
      return <ReceivablesView />;
    case "notes":
      return <NotesView />;
    case "parties":
      return <PartiesView />;
    case "holdings":
      return <HoldingsView />;
    case "desk":
      return <DeskView />;
    case "portfolio":
      return <PortfolioView />;
    case "approvals":
      return <ApprovalsView />;
    case "payables":
      return <PayablesView />;
    case "network":
      return <NetworkView />;
    case "note":
      return <NoteView id={id ?? 0} />;
    case "receivable":
      return <ReceivableView id={id ?? 0} />;
    case "party":
      return <PartyView id={id ?? 0} />;
    case "missing":
      return <Missing />;
  }
}

/** Where a company's people begin; for onlookers the featured note, or, before there is one, what there is to see. */
function StoryView(): JSX.Element {
  const own = useCompany();
  if (company.value !== null && own === null) return <Loading />;
  const home = homeOf(own?.roles ?? []);
  if (home !== null) return <View route={{ name: home, id: null, query: route.value.query }} />;
  const featured = status.value?.featured_note ?? null;
  if (featured !== null) return <NoteView key={featured} id={featured} />;
  return (
    <Empty of="view" title={t("state.emptyStory")}>
      <p>{t("state.emptyStoryMore")}</p>
      <p class="actions">
        <a class="button" href={href("overview")}>
          {t("nav.overview")}
        </a>
      </p>
    </Empty>
  );
}

function Missing(): JSX.Element {
  return (
    <Empty of="view" title={t("state.notFound")}>
      <p>{t("state.notFoundMore")}</p>
      <p class="actions">
        <a class="button" href={href("story")}>
          {t("state.goStory")}
        </a>
      </p>
    </Empty>
  );
}

const SINGULAR = { note: "note.title", receivable: "receivable.title", party: "party.title" } as const;
const TITLED = {
  story: "nav.story",
  overview: "nav.overview",
  receivables: "nav.receivables",
  notes: "nav.notes",
  parties: "nav.parties",
  holdings: "holdings.title",
  desk: "desk.title",
  portfolio: "portfolio.title",
  approvals: "approvals.title",
  payables: "payables.title",
  certificate: "certificate.title",
  network: "network.title",
  enrol: "enrol.title",
} as const;

function titleOf({ name, id }: Route, home: Home | null): string {
  if (unknownHere.value && name !== "enrol" && name !== "certificate") return t("signIn.title");
  if (name === "missing") return t("state.notFound");
  if (name === "note" || name === "receivable" || name === "party") return t(SINGULAR[name], { id: id ?? 0 });
  return t(TITLED[name === "story" ? (home ?? name) : name]);
}

/** A new view starts at the top, named in the window's title, with the focus on its content. */
function useNewView(present: Route): void {
  const view = `${present.name} ${present.id}`;
  const first = useRef(true);
  const title = titleOf(present, homeOf(useCompany()?.roles ?? []));
  useEffect(() => {
    document.title = `${title} · Cascade`;
  }, [title]);
  useEffect(() => {
    if (first.current) first.current = false;
    else document.getElementById("content")?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [view]);
}
