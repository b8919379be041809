"use client";

import { type ReactNode, useEffect, useRef } from "react";

interface Props {
  /** The path of the page. */
  path: string;
  title: string;
  /** What `differences` has found, or null where nothing is published. */
  differences: string[] | null;
}

const SIDES = [
  ["published", "Live now"],
  ["draft", "Draft"],
] as const;

/** A draft beside what is live now: each in a frame, scrolled together; on a phone one or the other. */
export function Comparison({ path, title, differences }: Props): ReactNode {
  const sides = useRef<HTMLDivElement>(null);
  useEffect(() => together([...(sides.current?.querySelectorAll("iframe") ?? [])]), []);
  return (
    <>
      <div className="wide comparison-head">
        <h1>{title}</h1>
        <p>{said(differences)}</p>
      </div>
      {differences && (
        <div className="comparison" ref={sides}>
          <fieldset>
            <legend className="unseen">Which side to show</legend>
            {SIDES.map(([side, label]) => (
              <label key={side}>
                <input type="radio" name="side" id={`show-${side}`} defaultChecked={side === "draft"} />
                {label}
              </label>
            ))}
          </fieldset>
          {SIDES.map(([side, label]) => (
            <section key={side} className={`side side--${side}`}>
              <h2>{label}</h2>
              <iframe src={`/preview/side?as=${side}&path=${encodeURIComponent(path)}`} title={label} />
            </section>
          ))}
        </div>
      )}
    </>
  );
}

function said(differences: string[] | null): string {
  if (!differences) return "This page is not published: there is nothing to compare the draft with yet.";
  return differences.length ? `What differs: ${differences.join(", ")}.` : "The draft says what is published already.";
}

/** Scroll frames together, each by its share of its own length, until what is returned is called. */
function together(frames: HTMLIFrameElement[]): () => void {
  let led: Window | null = null;
  const ending = new AbortController();
  const { signal } = ending;
  for (const frame of frames) {
    const scroll = (): void => {
      const side = frame.contentWindow;
      // What was scrolled here does not lead the other one in turn.
      if (!side || led === side) {
        led = null;
        return;
      }
      for (const { contentWindow: other } of frames) {
        if (!other || other === side) continue;
        const top = Math.round((side.scrollY / Math.max(lengthOf(side), 1)) * lengthOf(other));
        if (Math.round(other.scrollY) === top) continue;
        led = other;
        other.scrollTo({ top, behavior: "instant" });
      }
    };
    // A frame may have been there before this script, or be loaded again.
    const listen = (): void => frame.contentWindow?.addEventListener("scroll", scroll, { signal });
    frame.addEventListener("load", listen, { signal });
    listen();
  }
  return () => ending.abort();
}

const lengthOf = ({ document: { documentElement: root } }: Window): number => root.scrollHeight - root.clientHeight;
