import type { JSX } from "preact";

const PATHS = {
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.3 10.3 14 14",
  check: "m3 8.5 3.2 3.2L13 4.8",
  clock: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 3v3.2l2.2 1.6",
  hold: "M3 5.5h10v7H3zM5.5 5.5V4a2.5 2.5 0 0 1 5 0v1.5",
  pass: "M2.5 8h10M9 4.5 12.5 8 9 11.5",
  cross: "m4 4 8 8m0-8-8 8",
  back: "M6 4 2.5 7.5 6 11M3 7.5h6.5a3.5 3.5 0 0 1 0 7H8",
  warn: "M8 2.2 14.3 13.5H1.7L8 2.2Zm0 4.3v3.4m0 1.7v.4",
  pause: "M5.5 3.5v9m5-9v9",
  copy: "M5.5 5.5h7v8h-7zM3.5 10.5v-8h7",
  light:
    "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6ZM8 1.5v1.4m0 10.2v1.4M1.5 8h1.4m10.2 0h1.4M3.4 3.4l1 1m7.2 7.2 1 1m0-9.2-1 1m-7.2 7.2-1 1",
  dark: "M13 9.7A5.5 5.5 0 1 1 6.3 3a4.4 4.4 0 0 0 6.7 6.7Z",
  auto: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 0v12M10 3v10m2-8.5v7",
  finance: "M8 2.5 13.5 8 8 13.5 2.5 8Z",
  repayment: "M8 3.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Z",
  next: "m6 3.5 4.5 4.5L6 12.5",
  previous: "M10 3.5 5.5 8l4.5 4.5",
  plus: "M8 3.5v9M3.5 8h9",
  minus: "M3.5 8h9",
  building: "M3 13.5v-10h6v10m0-6.5h4v6.5M1.5 13.5h13M5.2 6h1.6M5.2 8.5h1.6M5.2 11h1.6",
  coin: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM5.5 5 8 8l2.5-3M8 8v3.5M5.8 8.2h4.4",
} as const;

export type IconName = keyof typeof PATHS;

/** A line drawing beside a word; never the only sign. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
