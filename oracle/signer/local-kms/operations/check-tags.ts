import { AwsError } from "../aws-error.ts";
import type { Tag } from "../state.ts";

const MOST_TAGS = 50;

/** @throws AwsError `TagException` for reserved or repeated keys, or too many tags */
export function checkTags(tags: readonly Tag[]): void {
  if (tags.some(({ TagKey }) => TagKey.toLowerCase().startsWith("aws:"))) {
    throw new AwsError("TagException", "Tags beginning with aws: are reserved");
  }
  if (new Set(tags.map(({ TagKey }) => TagKey)).size !== tags.length) {
    throw new AwsError("TagException", "Duplicate tag keys");
  }
  if (tags.length > MOST_TAGS) throw new AwsError("TagException", "Too many tags");
}
