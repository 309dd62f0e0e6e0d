/** A tag as the service shows it. */
export interface Tag {
  readonly TagKey: string;
  readonly TagValue: string;
}

/** Everything known of one key. Times are seconds since 1970. */
export interface KeyRecord {
  readonly keyId: string;
  readonly region: string;
  readonly keySpec: string;
  readonly keyUsage: string;
  readonly multiRegion: boolean;
  readonly createdAt: number;
  readonly description: string;
  readonly policy: string;
  readonly tags: readonly Tag[];
  readonly state: "Enabled" | "Disabled" | "PendingDeletion";
  /** Only while `PendingDeletion`. */
  readonly deletionAt?: number;
  readonly pendingWindowInDays?: number;
  /** Private scalar, 32 bytes as hex. Only keys of spec ECC_SECG_P256K1 have one. */
  readonly secret?: string;
  /** 64 hex characters; symmetric keys show it. */
  readonly materialId?: string;
}

/** An alias. Times are seconds since 1970. */
export interface AliasRecord {
  readonly name: string;
  readonly region: string;
  readonly targetKeyId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** All of it, as sealed on disk. */
export interface KmsState {
  readonly keys: readonly KeyRecord[];
  readonly aliases: readonly AliasRecord[];
}
