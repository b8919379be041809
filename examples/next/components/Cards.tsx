import { isLink, Picture, readableDate } from "@headless-cms/next/components";
import { edit, type Editable, pathOf } from "@headless-cms/next";

import type { Insight, Programme, Words } from "@/lib/cms";
import { filled } from "@/lib/languages";

const SIZES = "(min-width: 42rem) 24rem, 100vw";

interface Card<Item> {
  item: Item;
  say: Words;
  level?: "h2" | "h3";
}

/** With whom a programme is, as a few words. */
export const partnersOf = ({ partners }: Pick<Programme, "partners">, say: Words): string =>
  partners.length ? filled(say.with_partners, { partners: partners.map(({ name }) => name).join(", ") }) : "";

export function Status({ status, say }: { status: Programme["status"]; say: Words }) {
  return <span className={`status status--${status}`}>{say[status]}</span>;
}

/** The short form of a programme. */
export function ProgrammeCard({ item, say, level: Heading = "h3" }: Card<Programme>) {
  return (
    <article className="card" {...edit(item)}>
      <div className="card-picture" {...edit(item, "image")}>
        <Picture image={item.image} sizes={SIZES} />
      </div>
      <div className="card-text">
        <p className="label">
          {item.period} {item.partners.length > 0 && <span className="with">{partnersOf(item, say)}</span>}
        </p>
        <Heading className="card-title" {...edit(item, "title")}>
          <a href={pathOf(item)}>{item.title}</a>
        </Heading>
        <p {...edit(item, "summary")}>{item.summary}</p>
        <p className="card-foot">
          <Status status={item.status} say={say} />
        </p>
      </div>
    </article>
  );
}

/** The short form of an insight; one of somebody else's leads out and says so. */
export function InsightCard({ item, say, level: Heading = "h3" }: Card<Insight>) {
  const { url, external } = item.link;
  if (!isLink(url)) return null;
  const place = item.source || say.another_website;
  const out = { href: url, rel: external ? "external noopener" : undefined };
  const arrow = external && (
    <span className="out" aria-hidden="true">
      {" ↗"}
    </span>
  );
  return (
    <article className="card" {...edit(item)}>
      <div className="card-picture" {...edit(item, "image")}>
        <Picture image={item.image} sizes={SIZES} />
      </div>
      <div className="card-text">
        <p className="label">
          {item.source || <time dateTime={item.published_on ?? ""}>{readableDate(item.published_on ?? "", say)}</time>}
        </p>
        <Heading className="card-title" {...edit(item, "title")}>
          <a {...out}>
            {item.title}
            {arrow}
            {external && <span className="unseen"> ({filled(say.leads_to, { place })})</span>}
          </a>
        </Heading>
        <p {...edit(item, "summary")}>{item.summary}</p>
        <p className="card-foot">
          {/* Whoever hears the page hears what each of these is about. */}
          <a className="more" {...out}>
            {external ? filled(say.read_more_at, { place }) : say.read_more}
            {arrow}
            <span className="unseen">: {item.title}</span>
          </a>
        </p>
      </div>
    </article>
  );
}

/** Teasers beside each other, under a heading, and a way to all of them. */
export function Row<Item extends { id: number }>(props: {
  heading: string;
  items: (Item | null)[];
  say: Words;
  card: (card: Card<Item>) => React.ReactNode;
  all?: { href: string | undefined; label: string };
  /** Where what stands here is chosen. */
  here?: Editable;
}) {
  const { heading, items, say, card: Card, all, here } = props;
  return (
    <>
      {heading && (
        <div className="band-head" {...here}>
          <h2>{heading}</h2>
        </div>
      )}
      <div className="cards">{items.map((item) => item && <Card key={item.id} item={item} say={say} />)}</div>
      {all?.href && (
        <p className="band-foot">
          <a className="button" href={all.href}>
            {all.label}
          </a>
        </p>
      )}
    </>
  );
}
