import { pathOf } from "@headless-cms/next";
import { isLink } from "@headless-cms/next/components";

import type { Words } from "@/lib/cms";
import { filled } from "@/lib/languages";
import type { found } from "@/lib/listings";

import { Completions } from "./Completions";
import { Paging } from "./lists";

type Found = NonNullable<Awaited<ReturnType<typeof found>>>;

/** The search, and what it finds. */
export function SearchPage({ words, listing, path, say }: { words: string; listing: Found | null; path: string; say: Words }) {
  return (
    <>
      <header className="page-head text">
        <h1>{say.search}</h1>
        <form className="search" method="get" action={path} role="search">
          <label htmlFor="q" className="unseen">
            {say.search_words}
          </label>
          <input
            id="q"
            name="q"
            type="search"
            defaultValue={words}
            maxLength={200}
            placeholder={say.search_for}
            autoComplete="off"
            list="completions"
          />
          <Completions id="completions" field="q" />
          <button className="button">{say.search}</button>
        </form>
      </header>
      {listing && (
        <div className="text body">
          <p className="count" role="status">
            {filled(listing.total === 1 ? say.found_one : say.found_several, { count: listing.total, words })}
          </p>
          {listing.items.length > 0 ? (
            <ol className="results">
              {listing.items.map((item) => (
                <Result key={item.id} item={item} say={say} />
              ))}
            </ol>
          ) : (
            <p className="empty">{say.found_nothing}</p>
          )}
          <Paging listing={listing} path={path} say={say} />
        </div>
      )}
    </>
  );
}

function Result({ item, say }: { item: Found["items"][number]; say: Words }) {
  const away = item.type === "insights.InsightPage" && item.link.external && isLink(item.link.url) ? item : null;
  return (
    <li>
      <h2>
        <a href={away ? away.link.url : pathOf(item)} rel={away ? "external noopener" : undefined}>
          {/* The API marks what was found, and has escaped everything else. */}
          {item.highlight ? <span dangerouslySetInnerHTML={{ __html: item.highlight.title }} /> : item.title}
          {away && (
            <>
              <span className="out" aria-hidden="true">
                {" ↗"}
              </span>
              <span className="unseen"> ({filled(say.leads_to, { place: away.source || say.another_website })})</span>
            </>
          )}
        </a>
      </h2>
      {item.highlight?.excerpt && <p dangerouslySetInnerHTML={{ __html: item.highlight.excerpt }} />}
    </li>
  );
}
