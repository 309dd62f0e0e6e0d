import type { Feed } from "../../feeds/catalog.ts";
import { apiError } from "../api-error.ts";
import type { ApiContext } from "../server.ts";

/** @throws ApiError UNKNOWN_FEED */
export function findFeed({ addresses }: ApiContext, given: string): Feed {
  const feed = addresses.find(given);
  if (feed === undefined) throw apiError("UNKNOWN_FEED", { given });
  return feed;
}
