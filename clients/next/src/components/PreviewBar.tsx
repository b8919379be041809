import type { Schema } from "@headless-cms/client";
import type { ReactNode } from "react";

import { Editing } from "./Editing";
import { Framed } from "./Framed";

interface Props {
  /** The CMS's address. */
  cms: string;
  /** The path of the page, as people read it. */
  path: string;
  isShare: boolean;
  showsPublished: boolean;
  /** Whether a draft is shown beside what is live, by `<Comparison>`. */
  isComparison?: boolean;
  /** What the API says of the page as a draft: `meta.draft`. */
  state: Schema<"DraftState"> | undefined;
}

/** What a visitor who holds a credential sees above a page, and where that leads; in the CMS's frame some of it goes. */
export function PreviewBar({ cms, path, isShare, showsPublished, isComparison = false, state }: Props): ReactNode {
  const here = encodeURIComponent(path);
  const showsDraft = isComparison || !showsPublished;
  const isPublished = !showsDraft || (state !== undefined && !state.is_draft);
  return (
    <aside className={isPublished ? "draft draft--published" : "draft"} aria-label="Preview">
      <Framed cms={new URL(cms).origin} />
      {!isShare && !showsPublished && !isComparison && <Editing cms={new URL(cms).origin} />}
      <p>{said({ isShare, showsPublished, isComparison, state })}</p>
      <ul>
        {!isShare && (
          <li>
            {state?.edit_url?.startsWith("http") ? (
              <a href={state.edit_url} target="_top">
                Edit this page
              </a>
            ) : (
              <a className="unframed" href={`${cms}/admin/`} target="_top">
                Go to the CMS
              </a>
            )}
          </li>
        )}
        {isComparison && (
          <li>
            <a href={encodeURI(path)}>Close the comparison</a>
          </li>
        )}
        {!showsDraft && (
          <li>
            <a href={`/preview/show?path=${here}`}>Show {isShare ? "the draft" : "drafts"}</a>
          </li>
        )}
        {showsDraft && !isComparison && (!isShare || state?.live) && (
          <li>
            <a href={`/preview/show?as=published&path=${here}`}>Show what is {isShare ? "public now" : "published"}</a>
          </li>
        )}
        {!isComparison && state?.is_draft && state.live && (
          <li className="unframed">
            <a href={`/preview/compare?path=${here}`}>Compare</a>
          </li>
        )}
        <li className="unframed">
          <a href={`/preview/leave?path=${here}`}>Leave the {isShare ? "draft" : "preview"}</a>
        </li>
      </ul>
    </aside>
  );
}

function said({ isShare, showsPublished, isComparison, state }: Omit<Props, "cms" | "path">): ReactNode {
  if (isComparison) return say("Comparison.", "What readers see now, beside the draft.");
  if (isShare && showsPublished) return say("What is public now.", "The draft that was shared with you is not.");
  if (isShare) {
    const live = state?.live ? "The public still sees the page as it was." : "The public does not see this page yet.";
    return say("A draft, for you to read.", `${live} Tell whoever sent you the link what you think of it.`);
  }
  if (showsPublished) return say("Published.", "This is what readers see now.");
  if (!state) return say("Draft site.", "You see drafts wherever there are some.");
  if (!state.is_draft) return say("Published.", "Nothing on this page waits to be published.");
  return say("Draft.", state.live ? "Readers still see what is published." : "Readers do not see this page.");
}

const say = (what: string, more: string): ReactNode => (
  <>
    <strong>{what}</strong> {more}
  </>
);
