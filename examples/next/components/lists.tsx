import type { PageOf } from "@headless-cms/client";
import { edit } from "@headless-cms/next";

import type { Insight, Programme, Words } from "@/lib/cms";
import { filled } from "@/lib/languages";
import type { Listing } from "@/lib/listings";

import { InsightCard, ProgrammeCard } from "./Cards";
import { counted } from "./pages";

interface Props<Item, Type extends "programmes.ProgrammeIndexPage" | "insights.InsightIndexPage"> {
  page: PageOf<Type>;
  listing: Listing<Item>;
  path: string;
  say: Words;
}

/** The list of programmes, with its filters. */
export function Programmes({ page, listing, path, say }: Props<Programme, "programmes.ProgrammeIndexPage">) {
  const statuses = (["active", "upcoming", "completed"] as const).map((value) => ({ value, label: say[value] }));
  return (
    <>
      <Heading page={page} />
      <div className="wide">
        <form className="filters" method="get" action={path}>
          <Select name="status" label={say.status} any={say.any_status} options={statuses} chosen={listing.chosen.status} />
          <Themes listing={listing} say={say} />
          <Submit listing={listing} path={path} say={say} />
        </form>
        <p className="count" role="status">
          {counted(listing.total, say.one_programme, say.several_programmes)}
        </p>
        {listing.items.length > 0 ? (
          <div className="cards">
            {listing.items.map((item) => (
              <ProgrammeCard key={item.id} item={item} say={say} level="h2" />
            ))}
          </div>
        ) : (
          <p className="empty">{say.no_programme}</p>
        )}
        <Paging listing={listing} path={path} say={say} />
      </div>
    </>
  );
}

/** The list of insights, with its filters. */
export function Insights({ page, listing, path, say }: Props<Insight, "insights.InsightIndexPage">) {
  const kinds = [
    { value: "article", label: say.our_articles },
    { value: "external", label: say.elsewhere },
  ];
  return (
    <>
      <Heading page={page} />
      <div className="wide">
        <form className="filters" method="get" action={path}>
          <Select name="kind" label={say.kind} any={say.all_kinds} options={kinds} chosen={listing.chosen.kind} />
          <Themes listing={listing} say={say} />
          {listing.chosen.programme && <input type="hidden" name="programme" value={listing.chosen.programme} />}
          <Submit listing={listing} path={path} say={say} />
        </form>
        <p className="count" role="status">
          {counted(listing.total, say.one_insight, say.several_insights)}
        </p>
        {listing.items.length > 0 ? (
          <div className="cards">
            {listing.items.map((item) => (
              <InsightCard key={item.id} item={item} say={say} level="h2" />
            ))}
          </div>
        ) : (
          <p className="empty">{say.no_insight}</p>
        )}
        <Paging listing={listing} path={path} say={say} />
      </div>
    </>
  );
}

function Heading({ page }: { page: { title: string; introduction: string } }) {
  return (
    <header className="page-head wide">
      <h1 {...edit(page, "title")}>{page.title}</h1>
      <div className="lead prose" {...edit(page, "introduction")} dangerouslySetInnerHTML={{ __html: page.introduction }} />
    </header>
  );
}

function Select(props: {
  name: string;
  label: string;
  any: string;
  options: { value: string; label: string }[];
  chosen: string | undefined;
}) {
  return (
    <label>
      {props.label}
      <select name={props.name} defaultValue={props.chosen ?? ""}>
        <option value="">{props.any}</option>
        {props.options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

function Themes({ listing, say }: { listing: Listing<object>; say: Words }) {
  const options = listing.themes.map(({ value, label, count }) => ({ value, label: `${label} (${count})` }));
  return <Select name="theme" label={say.theme} any={say.all_themes} options={options} chosen={listing.chosen.theme} />;
}

function Submit({ listing, path, say }: { listing: Listing<object>; path: string; say: Words }) {
  return (
    <>
      <button className="button">{say.show}</button>
      {Object.keys(listing.chosen).length > 0 && <a href={path}>{say.show_all}</a>}
    </>
  );
}

/** The way to the parts before and after this one. */
export function Paging({ listing, path, say }: { listing: Listing<object>; path: string; say: Words }) {
  const { page, pages, previous, next } = listing;
  if (pages < 2) return null;
  return (
    <nav className="paging" aria-label={say.pages}>
      {previous && (
        <a rel="prev" href={previous === "." ? path : `${path}${previous}`}>
          ← {say.previous}
        </a>
      )}
      <span>{filled(say.page_of, { page, pages })}</span>
      {next && (
        <a rel="next" href={`${path}${next}`}>
          {say.next} →
        </a>
      )}
    </nav>
  );
}
