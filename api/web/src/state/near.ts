import { useEffect, useRef } from "preact/hooks";

/** Tells when an element comes near to what is seen of its frame, and when it is far again; returns the way to stop. */
export type Watch = (element: Element, tell: (near: boolean) => void) => () => void;

/** How far away something is near, pixels: the keyboard and a turn of the wheel find it drawn. */
const MARGIN = 600;

/** One observer for all that scrolls in a frame. */
export function useNear(frame: { current: HTMLElement | null }): Watch {
  const known = useRef<{ watch: Watch; end: () => void } | null>(null);
  useEffect(() => () => known.current?.end(), []);
  return (element, tell) => (known.current ??= observe(frame.current)).watch(element, tell);
}

function observe(root: HTMLElement | null): { watch: Watch; end: () => void } {
  const watched = new Map<Element, (near: boolean) => void>();
  const observer = new IntersectionObserver(
    (changes) => changes.forEach(({ target, isIntersecting }) => watched.get(target)?.(isIntersecting)),
    { root, rootMargin: `${MARGIN}px 0px` },
  );
  return {
    watch: (element, tell) => {
      watched.set(element, tell);
      observer.observe(element);
      return () => {
        watched.delete(element);
        observer.unobserve(element);
      };
    },
    end: () => observer.disconnect(),
  };
}
