"use client";

import { useEffect, useState } from "react";

const PAUSE_MS = 200;

/** Completes what somebody types into a field with titles of pages: its `list`. Without it, or without an answer, the form works. */
export function Completions({ id, field }: { id: string; field: string }) {
  const [titles, setTitles] = useState<string[]>([]);
  useEffect(() => {
    const input = document.getElementById(field);
    if (!(input instanceof HTMLInputElement)) return;
    let timer = 0;
    let asking = new AbortController();
    const complete = async (signal: AbortSignal): Promise<void> => {
      const q = input.value.trim();
      const query = new URLSearchParams({ q, language: document.documentElement.lang });
      const response = q.length < 2 ? null : await fetch(`/search/suggestions?${query}`, { signal }).catch(() => null);
      const found = response?.ok ? ((await response.json()) as string[]) : [];
      // What was typed since is asked for by itself.
      if (!signal.aborted) setTitles(found);
    };
    const typed = (): void => {
      clearTimeout(timer);
      asking.abort();
      asking = new AbortController();
      const { signal } = asking;
      timer = window.setTimeout(() => void complete(signal), PAUSE_MS);
    };
    input.addEventListener("input", typed);
    // Somebody may have begun before this script was there.
    if (input.value !== input.defaultValue) typed();
    return () => {
      input.removeEventListener("input", typed);
      clearTimeout(timer);
      asking.abort();
    };
  }, [field]);
  return (
    <datalist id={id}>
      {titles.map((title) => (
        <option key={title} value={title} />
      ))}
    </datalist>
  );
}
