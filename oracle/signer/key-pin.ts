import { getAddress } from "ethers";

/** A key as people agreed on it: its ARN and its Ethereum address. Neither may differ from what KMS says. */
export interface KeyPin {
  /** `arn:aws:kms:REGION:ACCOUNT:key/ID`; never an alias, which can be moved. */
  readonly keyArn: string;
  /** Ethereum address of the key, in mixed case. */
  readonly address: string;
}

/** KMS says something else than the pin. */
export class KmsPinError extends Error {
  override readonly name = "KmsPinError";
}

const KEY_ARN = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/[a-z0-9-]+$/;

/**
 * Checks a pin's form.
 *
 * @throws KmsPinError when the ARN is not a key's or the address is malformed
 */
export function checkPin({ keyArn, address }: KeyPin): KeyPin {
  if (!KEY_ARN.test(keyArn)) {
    throw new KmsPinError(`expected a key ARN (arn:aws:kms:REGION:ACCOUNT:key/ID), got ${keyArn}`);
  }
  try {
    return { keyArn, address: getAddress(address) };
  } catch (cause) {
    throw new KmsPinError(`expected an Ethereum address, got ${address}`, { cause });
  }
}

/** The Region in a key's ARN. */
export function regionOf(keyArn: string): string {
  const region = KEY_ARN.exec(keyArn)?.[1];
  if (region === undefined) throw new KmsPinError(`not a key ARN: ${keyArn}`);
  return region;
}
