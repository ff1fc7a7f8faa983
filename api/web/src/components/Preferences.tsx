import type { JSX } from "preact";
import { t } from "../i18n";
import { chooseLocale, locale, nextTheme, theme } from "../state/preferences";
import { Icon } from "./icons";

export function Mark(): JSX.Element {
  return (
    <svg class="mark" width="26" height="26" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path d="M7 8h6v8h6v8h6" />
      <circle cx="7" cy="8" r="3.2" />
      <circle cx="16" cy="16" r="3.2" />
      <circle cx="25" cy="24" r="3.2" />
    </svg>
  );
}

/** Language and theme. */
export function Preferences(): JSX.Element {
  const themeLabel = t(`theme.${theme.value}`);
  return (
    <div class="preferences">
      <button
        type="button"
        class="locale"
        lang={locale.value === "zh" ? "en" : "zh-Hans"}
        aria-label={t("locale.switchTo")}
        onClick={() => chooseLocale(locale.value === "zh" ? "en" : "zh")}
      >
        {t("locale.switch")}
      </button>
      <button type="button" aria-label={themeLabel} title={themeLabel} onClick={nextTheme}>
        <Icon name={theme.value} />
      </button>
    </div>
  );
}
