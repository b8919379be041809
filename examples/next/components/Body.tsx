import type { Schema } from "@headless-cms/client";
import { type BlockMap, Blocks, blocks } from "@headless-cms/next/components";

import type { Words } from "@/lib/cms";

import { InsightCard, Row } from "./Cards";

// All blocks as the package draws them, but for teasers, which look as they do everywhere here.
const own: BlockMap = {
  ...blocks,
  insights: ({ value, say, here }) =>
    value.insights.some(Boolean) && (
      <section className="row" {...here}>
        <Row heading={value.heading} items={value.insights} say={say} card={InsightCard} />
      </section>
    ),
};

export function Body({ body, say }: { body: Schema<"BodyBlock">[]; say: Words }) {
  return <Blocks body={body} say={say} map={own} />;
}
