/** What the client makes of answers, asked of a real server. */
import { expect, test } from "vitest";

import { ApiError, createClient, Ended } from "../src/index.js";
import { json, problem, serving, silence } from "./server.js";

const SITE = { name: "HDF" };
const KEPT = { ETag: '"one"', "Cache-Tag": "a,b", "Cache-Control": "public, max-age=0, s-maxage=60", Age: "10" };

test("a page comes with what a cache needs to know", async () => {
  await using service = await serving(json({ title: "About" }, 200, KEPT));
  const cms = createClient({ url: service.url, site: "www.example.org", tagLimit: 128 });
  const found = await cms.find("/about/", { fields: { title: true, image: { src: true }, meta: { html_url: true } } });
  expect(found).toEqual({ kind: "page", page: { title: "About" }, tags: ["a", "b"], seconds: 50 });
  const address = new URL(service.asked[0]?.url ?? "", service.url);
  expect(address.pathname).toBe("/api/v2/pages/find");
  expect(Object.fromEntries(address.searchParams)).toEqual({
    site: "www.example.org",
    html_path: "/about/",
    fields: "_,title,image(_,src),html_url",
  });
  expect(service.asked[0]?.headers["cache-tag-limit"]).toBe("128");
  expect(service.asked[0]?.headers.authorization).toBeUndefined();
});

test("an address says what became of it", async () => {
  const redirect = { url: "/new/", external: false, status: 301 };
  await using service = await serving(problem(404, { redirect }, KEPT), problem(410, {}, KEPT), problem(404, {}, KEPT));
  const cms = createClient({ url: service.url });
  const kept = { tags: ["a", "b"], seconds: 50 };
  expect(await cms.find("/old/")).toEqual({ kind: "moved", ...redirect, ...kept });
  expect(await cms.find("/ended/")).toEqual({ kind: "gone", ...kept });
  expect(await cms.find("/nothing/")).toEqual({ kind: "missing", ...kept });
});

test("a path is asked for without its query first, and with it where there is no page", async () => {
  const redirect = { url: "/new/?a=1", external: false, status: 302 };
  await using service = await serving(problem(404), problem(404, { redirect }));
  expect(await createClient({ url: service.url }).find("/index.php?id=5")).toMatchObject({ kind: "moved", status: 302 });
  const paths = service.asked.map(({ url }) => new URL(url ?? "", service.url).searchParams.get("html_path"));
  expect(paths).toEqual(["/index.php", "/index.php?id=5"]);
});

test("a parameter that is at fault is an error, and no missing page", async () => {
  const errors = [{ parameter: "site", detail: "There is no such site." }];
  await using service = await serving(problem(404, { errors }));
  const failed = createClient({ url: service.url }).find("/about/");
  await expect(failed).rejects.toThrow(ApiError);
  await expect(failed).rejects.toMatchObject({ status: 404, problem: { errors } });
});

test("a token that shows nothing has ended", async () => {
  await using service = await serving(problem(401));
  const cms = createClient({ url: service.url });
  expect(await cms.preview("share_1")).toMatchObject({ kind: "ended", status: 401 });
  expect(await cms.find("/about/", { token: "preview_1" })).toBeInstanceOf(Ended);
  await expect(cms.site({ token: "preview_1" })).rejects.toThrow(Ended);
  expect(service.asked.map(({ headers }) => headers.authorization)).toEqual([
    "Bearer share_1",
    "Bearer preview_1",
    "Bearer preview_1",
  ]);
  expect(service.asked.some(({ url }) => url?.includes("_1"))).toBe(false);
});

test("what is known is asked for with its ETag, and given again", async () => {
  await using service = await serving(json(SITE, 200, KEPT), (_, response) => {
    response.writeHead(304, { ETag: '"one"', "Cache-Tag": "a,c", "Cache-Control": "public, s-maxage=9" }).end();
  });
  const cms = createClient({ url: service.url });
  const first = await cms.site();
  const second = await cms.site();
  expect(service.asked.map(({ headers }) => headers["if-none-match"])).toEqual([undefined, '"one"']);
  expect(second).toEqual({ site: SITE, tags: ["a", "c"], seconds: 0 });
  // Whoever changes an answer changes none but their own.
  expect(second.site).not.toBe(first.site);
});

test("nothing that a token shows is kept, nor more than is allowed", async () => {
  await using service = await serving(json(SITE, 200, KEPT));
  const cms = createClient({ url: service.url, keep: JSON.stringify(SITE).length });
  await cms.site({ token: "preview_1" });
  await cms.site({ token: "preview_1" });
  await cms.site();
  await cms.site({ locale: "fr" });
  await cms.site();
  expect(service.asked.map(({ headers }) => headers["if-none-match"])).toEqual(Array(5).fill(undefined));
  // There is room for one.
  await cms.site();
  expect(service.asked.at(-1)?.headers["if-none-match"]).toBe('"one"');
});

test("what fails in passing is tried again", async () => {
  await using service = await serving(
    problem(503, {}, { "Retry-After": "0" }),
    (request) => request.socket.destroy(),
    json(SITE),
  );
  expect(await createClient({ url: service.url }).site()).toMatchObject({ site: SITE, tags: [], seconds: 0 });
  expect(service.asked).toHaveLength(3);
});

test("what fails for longer is an error that says what is wrong", async () => {
  await using service = await serving(problem(503, {}, { "Retry-After": "0" }));
  const cms = createClient({ url: service.url, retries: 1 });
  await expect(cms.site()).rejects.toMatchObject({ status: 503, message: "It is a 503.", url: `${service.url}site` });
  expect(service.asked).toHaveLength(2);
});

test("who asks for a long pause is not asked again at once", async () => {
  await using service = await serving(problem(503, {}, { "Retry-After": "60" }));
  await expect(createClient({ url: service.url }).site()).rejects.toMatchObject({ status: 503 });
  expect(service.asked).toHaveLength(1);
});

test("what is wrong is not tried again", async () => {
  await using service = await serving(problem(400));
  await expect(createClient({ url: service.url }).list("pages")).rejects.toMatchObject({ status: 400 });
  expect(service.asked).toHaveLength(1);
});

test("a read ends in time", async () => {
  await using service = await serving(silence);
  const cms = createClient({ url: service.url, timeout: 50, retries: 1 });
  await expect(cms.site()).rejects.toMatchObject({ status: 0, message: `There was no answer within 50 ms from ${service.url}site.` });
  expect(service.asked).toHaveLength(2);
});

test("so does a body that never ends", async () => {
  await using service = await serving((_, response) => {
    response.writeHead(200, { "Content-Type": "application/json" }).write("{");
  });
  await expect(createClient({ url: service.url, timeout: 50, retries: 0 }).site()).rejects.toMatchObject({ status: 0 });
});

test("a read ends when its caller ends it", async () => {
  await using service = await serving(silence);
  const controller = new AbortController();
  const enough = new Error("enough");
  setTimeout(() => controller.abort(enough), 50);
  await expect(createClient({ url: service.url }).site({ signal: controller.signal })).rejects.toBe(enough);
  expect(service.asked).toHaveLength(1);
});

test("a wait for changes may take as long as it says", async () => {
  await using service = await serving((_, response) => {
    setTimeout(json({ cursor: "2.x", items: [], more: false }), 150, _, response);
  });
  const cms = createClient({ url: service.url, timeout: 50, retries: 0 });
  await expect(cms.changes({ after: "1.x" })).rejects.toMatchObject({ status: 0 });
  expect(await cms.changes({ after: "1.x", wait: 1 })).toEqual({ kind: "changes", changes: [], cursor: "2.x", more: false });
});

test("changes are followed until they are forgotten", async () => {
  const item = { version: 1, tags: ["a"] };
  await using service = await serving(
    json({ cursor: "1.x", items: [], more: false }),
    json({ cursor: "2.x", items: [item], more: false }),
    problem(410),
  );
  const heard = [];
  for await (const one of createClient({ url: service.url }).follow()) heard.push(one);
  expect(heard).toEqual([
    { kind: "changes", changes: [], cursor: "1.x", more: false },
    { kind: "changes", changes: [item], cursor: "2.x", more: false },
    { kind: "forgotten" },
  ]);
  const after = service.asked.map(({ url }) => new URL(url ?? "", service.url).searchParams.get("after"));
  expect(after).toEqual([null, "1.x", "2.x"]);
});

test("all of a listing comes, part by part", async () => {
  await using service = await serving(
    json({ meta: { total_count: 3, next_cursor: "c:1" }, items: [{ id: 1 }, { id: 2 }] }),
    json({ meta: { total_count: 3, next_cursor: null }, items: [{ id: 3 }] }),
  );
  const ids = [];
  const all = createClient({ url: service.url }).all("insights", { theme: ["law", "health"], order: ["-title"], fields: { id: true } });
  for await (const { id } of all) ids.push(id);
  expect(ids).toEqual([1, 2, 3]);
  const queries = service.asked.map(({ url }) => Object.fromEntries(new URL(url ?? "", service.url).searchParams));
  const same = { limit: "100", theme: "law,health", order: "-title", fields: "_,id" };
  expect(queries).toEqual([{ ...same, cursor: "start" }, { ...same, cursor: "c:1" }]);
});

test("an address that is not the API's is named", async () => {
  await using page = await serving((_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<p>"));
  await expect(createClient({ url: page.url }).site()).rejects.toThrow(`${page.url} answers with what is no JSON`);
  await using none = await serving((_, response) => response.writeHead(404).end("Not here"));
  await expect(createClient({ url: none.url }).find("/")).rejects.toThrow(`is ${none.url} its address?`);
  await using other = await serving(json({ error: "no" }, 404));
  await expect(createClient({ url: other.url }).find("/")).rejects.toThrow(`is ${other.url} its address?`);
  await using proxy = await serving((_, response) => response.writeHead(500).end("<p>"));
  await expect(createClient({ url: proxy.url }).find("/")).rejects.toThrow(`${proxy.url}pages/find?html_path=%2F answered 500.`);
  expect(() => createClient({ url: "cms/api" })).toThrow('url is "cms/api"; it has to be whole');
});
