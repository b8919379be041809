// A copy of what the API has said, by address, and how far the feed of changes was read when that was said.

import { mkdir, readFile, rename, writeFile } from "node:fs/promises"
import { dirname } from "node:path"

const EMPTY = { cursor: "", answers: {}, files: {} }
// How many answers are fetched at a time.
const TOGETHER = 4

export class Copy {
  // `answers`: by address, { body, etag, tags, old }; `files`: by path, the digest of what the file was drawn from.
  constructor(api, place) {
    this.api = `${api.replace(/\/+$/, "")}/`
    this.place = place
  }

  async load() {
    let kept = EMPTY
    try {
      kept = JSON.parse(await readFile(this.place, "utf8"))
    } catch (error) {
      if (error.code !== "ENOENT") throw error
    }
    // A copy of another API says nothing of this one.
    Object.assign(this, structuredClone(kept.api === this.api ? kept : EMPTY))
  }

  // All at once, so that a build that is interrupted is simply done again.
  async save() {
    const { api, cursor, answers, files } = this
    await mkdir(dirname(this.place), { recursive: true })
    await writeFile(`${this.place}.new`, JSON.stringify({ api, cursor, answers, files }))
    await rename(`${this.place}.new`, this.place)
  }

  // Read on in the feed of changes; whatever may be another answer now is old. Returns whether anything is.
  async readOn(wait = 0) {
    let old = 0
    for (let more = true; more; wait = 0) {
      const response = await this.#changes(wait)
      if (response.status === 410) {
        // The API does not know any more what came since.
        this.cursor = ""
        continue
      }
      const { cursor, items, more: further } = await read(response)
      const tags = new Set(items.flatMap((item) => item.tags))
      for (const answer of Object.values(this.answers)) {
        // Without a cursor this is where to begin, and what is there may be from before.
        if (!this.cursor || answer.tags.some((tag) => tags.has(tag))) {
          old += answer.old ? 0 : 1
          answer.old = true
        }
      }
      more = further
      this.cursor = cursor
    }
    return old > 0
  }

  #changes(wait) {
    const asked = this.cursor ? { after: this.cursor, wait } : {}
    return fetch(`${this.api}changes/?${new URLSearchParams(asked)}`)
  }

  // What the API says at an address, as text: from the copy unless it may be old. Null where there is nothing.
  async answer(address) {
    const kept = this.answers[address]
    if (kept && !kept.old) return kept.body
    const headers = kept?.etag ? { "If-None-Match": kept.etag } : {}
    const response = await fetch(this.api + address, { headers })
    if (response.status === 304) {
      this.answers[address] = { ...kept, tags: tagsOf(response), old: false }
      return kept.body
    }
    if (response.status === 404 || response.status === 410) {
      delete this.answers[address]
      return null
    }
    if (!response.ok) throw new Error(`${address}: ${response.status}`)
    const body = await response.text()
    const tags = tagsOf(response)
    // What no change could name is fetched again the next time.
    this.answers[address] = { body, etag: response.headers.get("ETag"), tags, old: !tags.length }
    return body
  }

  // What it says at each of several addresses, a few at a time.
  async all(addresses) {
    const waiting = [...new Set(addresses)]
    const found = new Map()
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        found.set(next, await this.answer(next))
      }
    }
    await Promise.all(Array.from({ length: TOGETHER }, work))
    return found
  }

  // Let go of the answers that nothing is drawn from any more.
  keepOnly(addresses) {
    const used = new Set(addresses)
    for (const address of Object.keys(this.answers)) {
      if (!used.has(address)) delete this.answers[address]
    }
  }
}

async function read(response) {
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`)
  return response.json()
}

function tagsOf(response) {
  const names = response.headers.get("Cache-Tag") ?? response.headers.get("Surrogate-Key") ?? ""
  return names.split(/[\s,]+/).filter(Boolean)
}
