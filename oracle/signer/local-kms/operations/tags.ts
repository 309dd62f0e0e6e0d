import type { Tag } from "../state.ts";
import { checkTags } from "./check-tags.ts";
import type { Operation } from "./context.ts";
import { findKey, refusePendingDeletion } from "./find-key.ts";
import { page, type PageRequest } from "./page.ts";

export const tagResource: Operation<{ KeyId: string; Tags: readonly Tag[] }> = (request, context) => {
  const key = findKey(request.KeyId, context, "keys only");
  refusePendingDeletion(key, context);
  checkTags(request.Tags);
  const tags = new Map(key.tags.map((tag) => [tag.TagKey, tag]));
  for (const tag of request.Tags) tags.set(tag.TagKey, tag);
  checkTags([...tags.values()]);
  context.store.putKey({ ...key, tags: [...tags.values()] });
  return undefined;
};

export const untagResource: Operation<{ KeyId: string; TagKeys: readonly string[] }> = (request, context) => {
  const key = findKey(request.KeyId, context, "keys only");
  refusePendingDeletion(key, context);
  context.store.putKey({ ...key, tags: key.tags.filter(({ TagKey }) => !request.TagKeys.includes(TagKey)) });
  return undefined;
};

export const listResourceTags: Operation<PageRequest & { KeyId: string }> = (request, context) => {
  const key = findKey(request.KeyId, context, "keys only");
  const { items, rest } = page(key.tags, ({ TagKey }) => TagKey, request, 50);
  return { Tags: items, ...rest };
};
