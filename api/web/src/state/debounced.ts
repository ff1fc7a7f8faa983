import { useEffect, useState } from "preact/hooks";

/** A value once it has stood still for so many milliseconds. */
export function useDebounced<T>(value: T, ms = 250): T {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
