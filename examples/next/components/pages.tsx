import type { PageOf, Schema } from "@headless-cms/client";
import { edit, type Editable, pathOf } from "@headless-cms/next";
import { Figures, Picture, isLink, readableDate } from "@headless-cms/next/components";
import type { ReactNode } from "react";

import type { Page, Words } from "@/lib/cms";
import { filled } from "@/lib/languages";

import { Body } from "./Body";
import { InsightCard, partnersOf, ProgrammeCard, Row, Status } from "./Cards";

const WIDE = "(min-width: 76.5rem) 74rem, 100vw";

/** Where the lists of the site are. */
export interface Lists {
  programmes?: string | undefined;
  insights?: string | undefined;
}

interface Props<One extends Page> {
  page: One;
  say: Words;
  lists: Lists;
}

/** Home: what the organisation is, and what it features. */
export function Home({ page, say, lists }: Props<PageOf<"cms.HomePage">>) {
  // An editor can feature any page; here these have rows.
  const programmes = page.featured_programmes.filter((item) => item.type === "programmes.ProgrammePage");
  const insights = page.featured_insights.filter((item) => item.type === "insights.InsightPage");
  return (
    <>
      <section className="hero">
        <div className="wide hero-grid">
          <div>
            <h1 {...edit(page, page.heading ? "heading" : "title")}>{page.heading || page.title}</h1>
            <div className="lead prose" {...edit(page, "introduction")} dangerouslySetInnerHTML={{ __html: page.introduction }} />
          </div>
          {page.image && (
            <div className="hero-picture" {...edit(page, "image")}>
              <Picture image={page.image} sizes="(min-width: 48rem) 34rem, 100vw" first />
            </div>
          )}
        </div>
      </section>
      {programmes.length > 0 && (
        <section className="wide band">
          <Row
            heading={say.programmes}
            here={edit(page, "featured_programmes")}
            items={programmes}
            say={say}
            card={ProgrammeCard}
            all={{ href: lists.programmes, label: say.all_programmes }}
          />
        </section>
      )}
      <Insights heading={say.insights} here={edit(page, "featured_insights")} items={insights} say={say} lists={lists} />
      {page.body.length > 0 && (
        <div className="text band">
          <Body body={page.body} say={say} />
        </div>
      )}
    </>
  );
}

/** A programme: facts, figures, what it is, its phases and its partners. */
export function Programme({ page, say, lists }: Props<PageOf<"programmes.ProgrammePage">>) {
  const facts = (
    <p className="facts">
      <span className="period" {...edit(page, "start_year")}>{page.period}</span> <Status status={page.status} say={say} />
      {page.partners.length > 0 && <span>{partnersOf(page, say)}</span>}
    </p>
  );
  return (
    <>
      <article>
        <Head page={page} facts={facts} />
        {page.key_figures.length > 0 && (
          <section className="wide" aria-labelledby="figures">
            <h2 id="figures" className="unseen">
              {say.key_figures}
            </h2>
            <Figures figures={page.key_figures} say={say} here={edit(page, "key_figures")} />
          </section>
        )}
        <div className="text body">
          <Body body={page.body} say={say} />
        </div>
        {page.phases.length > 0 && (
          <section className="text band" aria-labelledby="phases">
            <h2 id="phases" {...edit(page, "phases")}>{say.phases}</h2>
            <ol className="phases">
              {page.phases.map((phase) => (
                <li key={phase.id} {...edit(phase)}>
                  <p className="label">
                    {phase.start_year} – {phase.end_year ?? say.today}
                  </p>
                  <h3>{phase.title}</h3>
                  <div className="prose" dangerouslySetInnerHTML={{ __html: phase.text }} />
                </li>
              ))}
            </ol>
          </section>
        )}
        {page.partners.length > 0 && (
          <section className="text band" aria-labelledby="partners">
            <h2 id="partners" {...edit(page, "partners")}>{page.partners.length === 1 ? say.partner : say.partners}</h2>
            <ul className="partners">
              {page.partners.map((partner) => (
                <Partner key={partner.id} partner={partner} />
              ))}
            </ul>
          </section>
        )}
      </article>
      <Insights heading={say.insights} here={edit(page, "related_insights")} items={page.related_insights} say={say} lists={lists} />
    </>
  );
}

function Partner({ partner }: { partner: Schema<"Partner"> }) {
  const { name, logo, website, description } = partner;
  return (
    <li {...edit(partner)}>
      {logo && (
        <div className="logo">
          <Picture image={logo} sizes="11rem" />
        </div>
      )}
      <div>
        <h3 {...edit(partner, "name")}>
          {isLink(website) ? (
            <a href={website} rel="external noopener">
              {name}
              <span className="out" aria-hidden="true">
                {" ↗"}
              </span>
            </a>
          ) : (
            name
          )}
        </h3>
        <p {...edit(partner, "description")}>{description}</p>
      </div>
    </li>
  );
}

/** An insight of ours; in a preview also one that leads to somebody else's. */
export function Insight({ page, say }: Props<PageOf<"insights.InsightPage">>) {
  const list = page.meta.parent ? pathOf(page.meta.parent) : "";
  const facts = (
    <p className="facts">
      {page.published_on && (
        <time dateTime={page.published_on} {...edit(page, "published_on")}>
          {readableDate(page.published_on, say)}
        </time>
      )}
      {page.source && (
        <span className="label" {...edit(page, "source")}>
          {page.source}
        </span>
      )}
      {page.themes.map((theme) => (
        <a key={theme.id} className="tag" href={`${list}?theme=${theme.slug}`}>
          {theme.name}
        </a>
      ))}
    </p>
  );
  return (
    <article>
      <Head page={page} facts={facts} />
      <div className="text body">
        {page.link.external ? (
          <p className="empty">
            Readers who follow this teaser go to{" "}
            {isLink(page.link.url) && (
              <a href={page.link.url} rel="external noopener">
                {page.link.url}
              </a>
            )}
          </p>
        ) : (
          <Body body={page.body} say={say} />
        )}
      </div>
    </article>
  );
}

/** A page of text, and the plain form of a page whose type this website does not know. */
export function Text({ page, say }: { page: PageOf<"cms.ContentPage"> | PageOf<"wagtailcore.Page">; say: Words }) {
  return (
    <article>
      <Head page={page} />
      {"body" in page && (
        <div className="text body">
          <Body body={page.body} say={say} />
        </div>
      )}
    </article>
  );
}

type Headed = { title: string; summary?: string; image?: Schema<"Image"> | null };

function Head({ page, facts }: { page: Headed; facts?: ReactNode }) {
  const { title, summary, image } = page;
  return (
    <>
      <header className="page-head text">
        <h1 {...edit(page, "title")}>{title}</h1>
        {facts}
        {summary && (
          <p className="lead" {...edit(page, "summary")}>
            {summary}
          </p>
        )}
      </header>
      {image && (
        <div className="wide page-picture" {...edit(page, "image")}>
          <Picture image={image} sizes={WIDE} first />
        </div>
      )}
    </>
  );
}

function Insights(props: {
  heading: string;
  here: Editable;
  items: Schema<"InsightPageTeaser">[];
  say: Words;
  lists: Lists;
}) {
  const { heading, here, items, say, lists } = props;
  if (!items.length) return null;
  return (
    <section className="tinted">
      <div className="wide band">
        <Row
          heading={heading}
          here={here}
          items={items}
          say={say}
          card={InsightCard}
          all={{ href: lists.insights, label: say.all_insights }}
        />
      </div>
    </section>
  );
}

/** What is said where there is no page. */
export function Notice({ heading, text, children }: { heading: string; text: string; children?: ReactNode }) {
  return (
    <div className="page-head text">
      <h1>{heading}</h1>
      <p className="lead">{text}</p>
      {children}
    </div>
  );
}

/** How much there is of something, as a sentence. */
export const counted = (total: number, one: string, several: string): string =>
  total === 1 ? filled(one, { count: total }) : filled(several, { count: total });
