/** `arn:aws:kms:REGION:ACCOUNT:key/ID` */
export function keyArn(region: string, account: string, keyId: string): string {
  return `arn:aws:kms:${region}:${account}:key/${keyId}`;
}

/** `arn:aws:kms:REGION:ACCOUNT:alias/NAME`; the name comes with its prefix. */
export function aliasArn(region: string, account: string, name: string): string {
  return `arn:aws:kms:${region}:${account}:${name}`;
}
