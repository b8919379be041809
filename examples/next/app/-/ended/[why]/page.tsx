/** What is said where a credential shows nothing, or no longer. */

import { Notice } from "@/components/pages";
import { CMS_URL } from "@/lib/cms";

const SAID = {
  incomplete: ["This link is not complete", "Part of its address is missing, so nobody can tell which draft it is for."],
  preview: ["This preview has ended", "A preview shows a draft for a limited time, and only while you are logged in to the CMS."],
  share: [
    "This draft is not shown any more",
    "The link has expired, or whoever sent it to you has taken it back, or the page is gone. Ask them for a new one.",
  ],
} as const;

// Where the CMS is, the environment says when the website runs.
export const dynamic = "force-dynamic";

export default async function Page({ params }: { params: Promise<{ why: string }> }) {
  const { why } = await params;
  const [heading, text] = SAID[why as keyof typeof SAID] ?? SAID.preview;
  return (
    <Notice heading={heading} text={text}>
      {why !== "share" && <p>Go back to the editor, log in if you are asked to, and open the preview again.</p>}
      <p className="choices">
        {why !== "share" && (
          <a className="button" href={`${CMS_URL}/admin/`} target="_top">
            Go to the CMS
          </a>
        )}
        <a href="/" target="_top">
          Go to the website
        </a>
      </p>
    </Notice>
  );
}
