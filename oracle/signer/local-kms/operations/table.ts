import type { OperationName } from "../shapes.ts";
import { createAlias, deleteAlias, listAliases, updateAlias } from "./aliases.ts";
import type { Operation } from "./context.ts";
import { cancelKeyDeletion, scheduleKeyDeletion } from "./deletion.ts";
import { createKey, describeKey, disableKey, enableKey, listKeys, updateKeyDescription } from "./keys.ts";
import { getKeyPolicy, putKeyPolicy } from "./policies.ts";
import { getPublicKey, sign, verify } from "./signing.ts";
import { listResourceTags, tagResource, untagResource } from "./tags.ts";

interface Entry {
  readonly run: Operation<never>;
  readonly readOnly: boolean;
}

function reads<Request>(run: Operation<Request>): Entry {
  return { run, readOnly: true };
}

function writes<Request>(run: Operation<Request>): Entry {
  return { run, readOnly: false };
}

/** Every operation, and whether CloudTrail calls it read-only. Cryptographic operations are. */
export const OPERATIONS: Readonly<Record<OperationName, Entry>> = {
  CancelKeyDeletion: writes(cancelKeyDeletion),
  CreateAlias: writes(createAlias),
  CreateKey: writes(createKey),
  DeleteAlias: writes(deleteAlias),
  DescribeKey: reads(describeKey),
  DisableKey: writes(disableKey),
  EnableKey: writes(enableKey),
  GetKeyPolicy: reads(getKeyPolicy),
  GetPublicKey: reads(getPublicKey),
  ListAliases: reads(listAliases),
  ListKeys: reads(listKeys),
  ListResourceTags: reads(listResourceTags),
  PutKeyPolicy: writes(putKeyPolicy),
  ScheduleKeyDeletion: writes(scheduleKeyDeletion),
  Sign: reads(sign),
  TagResource: writes(tagResource),
  UntagResource: writes(untagResource),
  UpdateAlias: writes(updateAlias),
  UpdateKeyDescription: writes(updateKeyDescription),
  Verify: reads(verify),
};
