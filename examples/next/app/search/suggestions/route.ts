/** Titles that complete what somebody types into the search; none where the API does not answer. */

import type { NextRequest } from "next/server";

import { completions } from "@/lib/cms";

export async function GET({ nextUrl: { searchParams } }: NextRequest) {
  const words = (searchParams.get("q") ?? "").trim().slice(0, 200);
  const language = (searchParams.get("language") ?? "").slice(0, 40);
  return Response.json(words ? await completions(words, language) : []);
}
