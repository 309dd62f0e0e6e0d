import type { KeyRecord } from "../state.ts";
import type { OperationContext } from "./context.ts";
import { arnOf } from "./find-key.ts";
import { KEY_SPECS } from "./key-spec.ts";

/** A key as `KeyMetadata` shows it. */
export function keyMetadata(key: KeyRecord, context: OperationContext): object {
  const arn = arnOf(key, context);
  return {
    AWSAccountId: context.account,
    KeyId: key.keyId,
    Arn: arn,
    CreationDate: key.createdAt,
    Enabled: key.state === "Enabled",
    Description: key.description,
    KeyUsage: key.keyUsage,
    KeyState: key.state,
    ...(key.deletionAt === undefined ? {} : { DeletionDate: key.deletionAt }),
    Origin: "AWS_KMS",
    KeyManager: "CUSTOMER",
    CustomerMasterKeySpec: key.keySpec,
    KeySpec: key.keySpec,
    ...KEY_SPECS[key.keySpec]?.algorithms,
    ...(key.materialId === undefined ? {} : { CurrentKeyMaterialId: key.materialId }),
    MultiRegion: key.multiRegion,
    ...(key.multiRegion
      ? {
          MultiRegionConfiguration: {
            MultiRegionKeyType: "PRIMARY",
            PrimaryKey: { Arn: arn, Region: key.region },
            ReplicaKeys: [],
          },
        }
      : {}),
  };
}
