/** What whoever holds a credential sees of a draft beside what is live. */

import { differences } from "@headless-cms/next";
import { Comparison, PreviewBar } from "@headless-cms/next/components";

import { type Params, pathIn } from "@/components/draw";
import { CMS_URL } from "@/lib/cms";
import { bothAt } from "@/lib/drafts";

export default async function Page(props: Params) {
  const path = await pathIn(props);
  const { held, draft, live } = await bothAt(path);
  const { isShare, showsPublished } = held;
  const state = draft.meta.draft;
  return (
    <>
      <PreviewBar cms={CMS_URL} path={path} isShare={isShare} showsPublished={showsPublished} isComparison state={state} />
      <main>
        <Comparison path={path} title={draft.title} differences={live ? differences(live, draft) : null} />
      </main>
    </>
  );
}
