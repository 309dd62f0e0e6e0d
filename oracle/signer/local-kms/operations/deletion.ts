import { AwsError } from "../aws-error.ts";
import type { Operation } from "./context.ts";
import { arnOf, findKey, refusePendingDeletion } from "./find-key.ts";

const SHORTEST_DAYS = 7;
const LONGEST_DAYS = 30;

export const scheduleKeyDeletion: Operation<{ KeyId: string; PendingWindowInDays?: number }> = (
  request,
  context,
) => {
  const key = findKey(request.KeyId, context, "keys only");
  const days = request.PendingWindowInDays ?? LONGEST_DAYS;
  if (days < SHORTEST_DAYS || days > LONGEST_DAYS) {
    throw new AwsError(
      "ValidationException",
      `PendingWindowInDays must be between ${String(SHORTEST_DAYS)} and ${String(LONGEST_DAYS)} (inclusive)`,
    );
  }
  refusePendingDeletion(key, context);
  const deletionAt = context.now + days * 86_400;
  context.store.putKey({ ...key, state: "PendingDeletion", deletionAt, pendingWindowInDays: days });
  return {
    KeyId: arnOf(key, context),
    DeletionDate: deletionAt,
    KeyState: "PendingDeletion",
    PendingWindowInDays: days,
  };
};

/** The key comes back disabled: someone has to want it enabled. */
export const cancelKeyDeletion: Operation<{ KeyId: string }> = (request, context) => {
  const { deletionAt, pendingWindowInDays, ...key } = findKey(request.KeyId, context, "keys only");
  if (deletionAt === undefined || pendingWindowInDays === undefined) {
    throw new AwsError("KMSInvalidStateException", `${arnOf(key, context)} is not pending deletion.`);
  }
  context.store.putKey({ ...key, state: "Disabled" });
  return { KeyId: arnOf(key, context) };
};
