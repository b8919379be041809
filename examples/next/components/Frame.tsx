import type { Schema, Site } from "@headless-cms/client";
import { edit, jsonLd, pathOf } from "@headless-cms/next";
import { isLink } from "@headless-cms/next/components";
import type { ReactNode } from "react";

import type { Page } from "@/lib/cms";
import { choices, filled, homeOf } from "@/lib/languages";

type Item = Schema<"MenuItem">;

interface Props {
  site: Site;
  language: string;
  path: string;
  page?: Page;
  banner?: ReactNode;
  children: ReactNode;
}

/** What stands around every page: menus, languages, where one is, and the footer. */
export function Frame({ site, language, path, page, banner, children }: Props) {
  const say = site.words;
  const home = homeOf(site, language);
  const languages = choices(site, page);
  return (
    <>
      <a className="skip" href="#content">
        {say.skip_to_content}
      </a>
      {banner}
      <header className="site-header">
        <div className="wide">
          <a className="brand" {...edit(site, "organisation")} href={home} aria-current={path === home ? "page" : undefined}>
            {site.organisation || site.name || say.home}
          </a>
          <nav className="main-menu" {...edit(site, "navigation")} aria-label={say.main_menu}>
            <ul>
              {site.navigation.map((item) => (
                <li key={item.url}>
                  <MenuLink item={item} path={path} home={home} />
                  {item.children.length > 0 && (
                    <details name="menu">
                      <summary>
                        <span className="unseen">{filled(say.more_below, { label: item.label })}</span>
                      </summary>
                      <Menu items={item.children} path={path} home={home} />
                    </details>
                  )}
                </li>
              ))}
              <li>
                <a href={`${home}search/`} aria-current={path === `${home}search/` ? "page" : undefined}>
                  {say.search}
                </a>
              </li>
            </ul>
          </nav>
          {languages.length > 0 && (
            <nav className="languages" aria-label={say.languages}>
              <ul>
                {languages.map(({ code, name, url }) => (
                  <li key={code}>
                    <a href={url} lang={code} hrefLang={code} aria-current={code === language ? "true" : undefined}>
                      {name}
                    </a>
                  </li>
                ))}
              </ul>
            </nav>
          )}
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {page && page.meta.ancestors.length > 0 && (
          <nav className="trail wide" aria-label="Breadcrumb">
            <ol>
              {page.meta.ancestors.map((one) => (
                <li key={one.id}>
                  <a href={pathOf({ meta: one })}>{one.title}</a>
                </li>
              ))}
              <li aria-current="page">{page.title}</li>
            </ol>
          </nav>
        )}
        {children}
      </main>
      <footer className="site-footer">
        <div className="wide">
          {/* The API gives rich text as display HTML that Wagtail has cleaned; it is written out as it is. */}
          <div className="footer-text" {...edit(site, "footer_text")} dangerouslySetInnerHTML={{ __html: site.footer_text }} />
          {site.footer_navigation.length > 0 && (
            <nav className="footer-menu" {...edit(site, "footer_navigation")} aria-label={say.footer_menu}>
              <Menu items={site.footer_navigation} path={path} home={home} />
            </nav>
          )}
          {site.social_links.length > 0 && (
            <ul className="social" {...edit(site, "social_links")} aria-label={say.elsewhere}>
              {site.social_links
                .filter(({ url }) => isLink(url))
                .map(({ url, label }) => (
                  <li key={url}>
                    <a href={url} rel="external noopener me">
                      {label}
                    </a>
                  </li>
                ))}
            </ul>
          )}
        </div>
      </footer>
      {page && <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: jsonLd(page) }} />}
    </>
  );
}

function Menu({ items, path, home }: { items: Item[]; path: string; home: string }) {
  return (
    <ul>
      {items.map((item) => (
        <li key={item.url}>
          <MenuLink item={item} path={path} home={home} />
          {item.children.length > 0 && <Menu items={item.children} path={path} home={home} />}
        </li>
      ))}
    </ul>
  );
}

function MenuLink({ item: { url, label, external }, path, home }: { item: Item; path: string; home: string }) {
  if (!isLink(url)) return label;
  const current = url === path ? "page" : url !== home && path.startsWith(url) ? "true" : undefined;
  return (
    <a href={url} aria-current={current} rel={external ? "external noopener" : undefined}>
      {label}
    </a>
  );
}
