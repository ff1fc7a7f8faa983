import type { JSX } from "preact";
import { FormFailure, problemText } from "../components/Form";
import { t } from "../i18n";
import { ActState } from "./ActForm";
import { href } from "../router";
import { type ActName, type Subject, nameOf, progressOf, reopen } from "./acts";
import { elsewhere } from "./shown";

/** Acts that are about one note, and are done where it is shown. */
const OF_NOTES: ReadonlySet<ActName> = new Set([
  "accept",
  "refuse",
  "withdraw",
  "split",
  "ask",
  "unask",
  "take",
  "notify",
]);

/** Acts of this tab that are not on screen where they were done: how far they are stays in sight wherever one goes. */
export function UnderWay(): JSX.Element | null {
  if (elsewhere.value.length === 0) return null;
  return (
    <section class="under-way" aria-label={t("act.underWay")}>
      {elsewhere.value.map((subject) => (
        <One key={nameOf(subject)} subject={subject} />
      ))}
    </section>
  );
}

function One({ subject }: { subject: Subject }): JSX.Element {
  const progress = progressOf(subject).value;
  const title = t(`act.${subject.name}`, { about: subject.about });
  const again = (): void => reopen(subject);
  return (
    <div class="act">
      <h2>{OF_NOTES.has(subject.name) ? <a href={href("note", Number(subject.about))}>{title}</a> : title}</h2>
      <ActState acting={{ progress, again }} />
      {progress.at === "refused" && (
        <>
          <FormFailure failure={problemText(progress.problem)} />
          <p>
            <button type="button" class="button quiet" onClick={again}>
              {t("act.close")}
            </button>
          </p>
        </>
      )}
    </div>
  );
}
