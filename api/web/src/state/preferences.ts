import { effect, signal } from "@preact/signals";

export type Locale = "zh" | "en";
export type Theme = "auto" | "light" | "dark";

const THEMES: readonly Theme[] = ["auto", "light", "dark"];

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage refused by the browser: preferences then last as long as the tab
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    return;
  }
}

function firstLocale(): Locale {
  const chosen = stored("cascade.locale");
  if (chosen === "zh" || chosen === "en") return chosen;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export const locale = signal<Locale>(firstLocale());
export const theme = signal<Theme>(THEMES.find((name) => name === stored("cascade.theme")) ?? "auto");

export function chooseLocale(value: Locale): void {
  locale.value = value;
  store("cascade.locale", value);
}

/** auto → light → dark → auto. */
export function nextTheme(): void {
  theme.value = THEMES[(THEMES.indexOf(theme.peek()) + 1) % THEMES.length] ?? "auto";
  store("cascade.theme", theme.peek());
}

effect(() => {
  document.documentElement.lang = locale.value === "zh" ? "zh-Hans" : "en";
});

effect(() => {
  document.documentElement.dataset.theme = theme.value;
});
