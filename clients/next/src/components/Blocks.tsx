import type { Schema } from "@headless-cms/client";
import type { ReactNode } from "react";

import { edit, type Editable } from "../editing";
import { Picture } from "./Picture";

type Block = Schema<"BodyBlock">;
type Value<Type extends Block["type"]> = Extract<Block, { type: Type }>["value"];

/** What the website itself says, in the language of the page: `words` of the site. */
export type Words = Schema<"Words">;

/** How each block is drawn: the compiler says which one is missing, once the API has a new one. */
export type BlockMap = { [Type in Block["type"]]: (props: Drawn<Type>) => ReactNode };

interface Drawn<Type extends Block["type"]> {
  value: Value<Type>;
  say: Words;
  /** By what a preview knows where the block is edited: attributes for its outermost element. */
  here: Editable;
}

/** Tell whether an address from the API is one that a reader may be sent to. */
export const isLink = (address: string | null | undefined): address is string =>
  /^(?:https?:|mailto:|tel:|\/)/i.test(address ?? "");

/** How each block is drawn unless the website says otherwise: `{ ...blocks, quote: MyQuote }`. */
export const blocks: BlockMap = {
  heading: ({ value, here }) => (value.level === "h3" ? <h3 {...here}>{value.text}</h3> : <h2 {...here}>{value.text}</h2>),
  rich_text: ({ value, here }) => <div className="prose" {...here} dangerouslySetInnerHTML={{ __html: value }} />,
  quote: ({ value, here }) => (
    <figure className="quote" {...here}>
      <blockquote>
        <p>{value.text}</p>
      </blockquote>
      {value.attribution && <figcaption>{value.attribution}</figcaption>}
    </figure>
  ),
  image: ({ value, here }) =>
    value.image && (
      <figure className="image" {...here}>
        <Picture image={value.image} sizes="(min-width: 44.5rem) 42rem, 100vw" />
        {(value.caption || value.credit) && (
          <figcaption>
            {value.caption} {value.credit && <small>{value.credit}</small>}
          </figcaption>
        )}
      </figure>
    ),
  video: ({ value, say, here }) =>
    value.video && (
      <figure className="video" {...here}>
        {value.video.html ? (
          <div className="frame" dangerouslySetInnerHTML={{ __html: value.video.html }} />
        ) : (
          isLink(value.video.url) && (
            <p>
              <a href={value.video.url} rel="external noopener">
                {value.video.title || say.watch_video}
              </a>
            </p>
          )
        )}
        {value.caption && <figcaption>{value.caption}</figcaption>}
      </figure>
    ),
  document: ({ value, here }) =>
    value.document &&
    isLink(value.document.url) && (
      <p className="document" {...here}>
        <a href={value.document.url}>{value.label || value.document.title}</a>
        <span>
          {value.document.extension.toUpperCase()}
          {value.document.size ? `, ${Math.ceil(value.document.size / 1000)} kB` : ""}
        </span>
      </p>
    ),
  key_figures: ({ value, say, here }) => <Figures figures={value.figures} say={say} here={here} />,
  table: ({ value, say, here }) => (
    <div className="table" {...here} role="region" tabIndex={0} aria-label={value.caption || say.table}>
      <table>
        {value.caption && <caption>{value.caption}</caption>}
        <thead>
          <tr>
            {value.columns.map((column, at) => (
              <th key={at} scope="col" className={column.type === "number" ? "number" : undefined}>
                {column.heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {value.rows.map((row, at) => (
            <tr key={at}>
              {row.values.map((cell, column) => (
                <Cell key={column} type={value.columns[column]?.type} cell={cell} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  ),
  insights: ({ value, here }) => (
    <section className="row" {...here}>
      {value.heading && <h2>{value.heading}</h2>}
      <ul>
        {value.insights.map(
          (insight) =>
            insight &&
            isLink(insight.link.url) && (
              <li key={insight.id}>
                <a href={insight.link.url}>{insight.title}</a>
              </li>
            ),
        )}
      </ul>
    </section>
  ),
  call_to_action: ({ value, here }) =>
    value.link &&
    isLink(value.link.url) && (
      <p {...here}>
        <a className="button" href={value.link.url} rel={value.link.external ? "external noopener" : undefined}>
          {value.label}
        </a>
      </p>
    ),
};

function Cell({ type, cell }: { type: string | undefined; cell: string | number | null }): ReactNode {
  if (type === "rich_text") return <td dangerouslySetInnerHTML={{ __html: cell ?? "" }} />;
  return <td className={type === "number" ? "number" : undefined}>{cell}</td>;
}

/** Figures with what they count. */
export function Figures({
  figures,
  say,
  here = {},
}: {
  figures: Value<"key_figures">["figures"];
  say: Words;
  here?: Editable;
}): ReactNode {
  return (
    <dl className="figures" {...here}>
      {figures.map((figure, at) => (
        <div key={at} {...edit(figure)}>
          <dt>
            {figure.label} {figure.as_of && <small>{say.as_of.replace("{date}", readableDate(figure.as_of, say))}</small>}
          </dt>
          <dd>{figure.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Return an ISO date as readers write it: `2021-06-16` as `16 June 2021`, with the months of the language. */
export function readableDate(date: string, say: Words): string {
  const [year, month, day] = date.split("-");
  return `${Number(day)} ${say.months.split(",")[Number(month) - 1]?.trim() ?? month} ${year}`;
}

/** A body, block by block; a type that is not known here, as one that came later, is left out. */
export function Blocks({ body, say, map = blocks }: { body: readonly Block[]; say: Words; map?: BlockMap }): ReactNode {
  return body.map((block, at) => <One key={block.id ?? at} block={block} say={say} map={map} />);
}

// A union of blocks and a map of what draws each belong together, which TypeScript sees only one type at a time.
function One<Type extends Block["type"]>(props: {
  block: { type: Type; value: Value<Type> };
  say: Words;
  map: BlockMap;
}): ReactNode {
  const draw: BlockMap[Type] | undefined = props.map[props.block.type];
  return draw ? draw({ value: props.block.value, say: props.say, here: edit(props.block) }) : null;
}
