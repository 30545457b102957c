import { useEffect, useRef, useState, type RefObject } from 'react';

/** Follows the width of an element in CSS pixels; returns `fallback` until it is known. */
export function useWidth<T extends Element>(fallback = 640): [RefObject<T | null>, number] {
  const element = useRef<T>(null);
  const [width, setWidth] = useState(fallback);
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => {
      const next = Math.round(entry?.contentRect.width ?? 0);
      if (next > 0) setWidth(next);
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}
