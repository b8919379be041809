// Builds the website into `dist/`: draws the pages of which something has changed since the last build, and no other.
//
//   API_URL=https://cms.example.org/api/v2/ node build.mjs            once
//   API_URL=https://cms.example.org/api/v2/ node build.mjs --follow   whenever something changes

import { createHash } from "node:crypto"
import { cp, mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"

import { build as draw } from "astro"

import { Copy } from "./copy.mjs"

const HERE = dirname(fileURLToPath(import.meta.url))
const API = process.env.API_URL ?? "http://localhost:8000/api/v2/"
const DIST = resolve(process.env.DIST ?? join(HERE, "dist"))
// The copy of what the API said, and what is drawn before it takes its place.
const KEPT = resolve(process.env.KEPT ?? join(HERE, ".kept"))
// For how many seconds the API holds an answer that would have nothing to tell; and how long to pause when it does not.
const WAIT = 25
const PAUSE = 2_000
const LISTS = { "insights.InsightIndexPage": "insights", "programmes.ProgrammeIndexPage": "programmes" }

process.env.ASTRO_TELEMETRY_DISABLED ??= "1"

// Every public page, with what it takes to know what it is drawn from.
async function pages(copy) {
  const found = []
  const listings = []
  for (let cursor = "start"; cursor !== null; ) {
    const query = { fields: "_,type,html_url,locale", limit: 100, cursor }
    const address = `pages/?${new URLSearchParams(query)}`
    const { meta, items } = JSON.parse(await copy.answer(address))
    listings.push(address)
    found.push(...items)
    cursor = meta.next_cursor
  }
  return { found, listings }
}

// The addresses of all that a page is drawn from.
function partsOf({ type, meta }) {
  const locale = meta.locale
  const parts = {
    page: `pages/find/?${new URLSearchParams({ html_path: pathOf(meta) })}`,
    site: `site/?${new URLSearchParams({ locale, fallback: "default" })}`,
  }
  if (type in LISTS) parts.list = `${LISTS[type]}/?${new URLSearchParams({ limit: 100, locale })}`
  return parts
}

const pathOf = (meta) => decodeURI(new URL(meta.html_url).pathname)
const fileOf = (path) => join(DIST, ...path.split("/").filter(Boolean), "index.html")
const exists = (file) => stat(file).then(() => true, () => false)

// What draws a page is part of what it is drawn from.
async function digestOfSource() {
  const hash = createHash("sha256")
  for (const folder of ["src", "."]) {
    const found = await readdir(join(HERE, folder), { recursive: folder !== ".", withFileTypes: true })
    const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    for (const file of files.filter((name) => !name.endsWith(".md")).sort()) hash.update(await readFile(file))
  }
  return hash.digest("hex")
}

// Bring `dist/` up to date, and say what was drawn and what is gone.
async function update(copy) {
  const { found, listings } = await pages(copy)
  const planned = found.map((page) => [pathOf(page.meta), partsOf(page)])
  const used = planned.flatMap(([, parts]) => Object.values(parts))
  const answers = await copy.all(used)
  const source = await digestOfSource()
  const files = {}
  const changed = []
  for (const [path, parts] of planned) {
    const bodies = Object.values(parts).map((address) => answers.get(address))
    // It may have gone while the others were read; the feed tells of it next time.
    if (bodies.includes(null)) continue
    files[path] = createHash("sha256").update(JSON.stringify([source, bodies])).digest("hex")
    if (copy.files[path] === files[path] && (await exists(fileOf(path)))) continue
    const props = Object.entries(parts).map(([name, address]) => [name, JSON.parse(answers.get(address))])
    changed.push({ path, ...Object.fromEntries(props) })
  }
  const gone = Object.keys(copy.files).filter((path) => !(path in files))
  if (changed.length) await drawn(changed)
  for (const path of gone) await rm(fileOf(path), { force: true })
  copy.files = files
  copy.keepOnly([...used, ...listings])
  await copy.save()
  return { drawn: changed.map(({ path }) => path), gone }
}

// Have Astro draw some pages, and put each into its place.
async function drawn(changed) {
  const out = join(KEPT, "drawn")
  await mkdir(KEPT, { recursive: true })
  await writeFile(join(KEPT, "draw.json"), JSON.stringify(changed))
  process.env.DRAW = join(KEPT, "draw.json")
  await draw({ root: HERE, outDir: out, cacheDir: join(KEPT, "astro"), logLevel: "warn" })
  for (const { path } of changed) {
    await mkdir(dirname(fileOf(path)), { recursive: true })
    await rename(join(out, ...path.split("/").filter(Boolean), "index.html"), fileOf(path))
  }
  // Styles have names that say what is in them: those of pages that were drawn before stay.
  if (await exists(join(out, "_astro"))) await cp(join(out, "_astro"), join(DIST, "_astro"), { recursive: true })
}

const follows = process.argv.includes("--follow")
const copy = new Copy(API, join(KEPT, "copy.json"))
await copy.load()
let isDue = true
let wait = 0
do {
  const began = Date.now()
  try {
    isDue = (await copy.readOn(wait)) || isDue
    if (isDue) console.log(JSON.stringify(await update(copy)))
    isDue = false
    wait = WAIT
  } catch (error) {
    // No file is half written, and the copy is as it was: what is missing is done the next time.
    console.error(`Not built: ${[error.message, error.cause?.message].filter(Boolean).join(": ")}`)
    process.exitCode = 1
    isDue = true
    wait = 0
  }
  if (follows) await new Promise((then) => setTimeout(then, began + PAUSE - Date.now()))
} while (follows)
