/** What the API makes for a website to pass on: sitemap, robots.txt, feeds and llms.txt. */

/**
 * Make the route of a text that has the same path here as below the API; it is public, and has no language but its own.
 *
 *     export const GET = passOn({ api: "https://cms.example.org/api/v2/", site: "www.example.org" });
 */
export function passOn({ api, site }: { api: string; site?: string | undefined }): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const query = new URLSearchParams(site ? { site } : {});
    const locale = searchParams.get("locale");
    if (locale) query.set("locale", locale);
    const known = request.headers.get("if-none-match");
    const answer = await fetch(`${api.replace(/\/+$/, "")}${pathname.replace(/\/+$/, "")}?${query}`, {
      cache: "no-store",
      headers: known ? { "If-None-Match": known } : {},
    });
    const headers = new Headers({ "Cache-Control": "public, max-age=0, must-revalidate" });
    const etag = answer.headers.get("etag");
    if (etag) headers.set("ETag", etag);
    if (answer.status === 304) return new Response(null, { status: 304, headers });
    if (!answer.ok) return new Response(null, { status: answer.status < 500 ? 404 : 503 });
    headers.set("Content-Type", answer.headers.get("content-type") ?? "text/plain; charset=utf-8");
    return new Response(await answer.text(), { headers });
  };
}
