/** What one event is made from. */
export interface Use {
  readonly operation: string;
  readonly readOnly: boolean;
  readonly region: string;
  readonly account: string;
  readonly accessKeyId: string;
  readonly sourceAddress: string;
  readonly userAgent: string;
  readonly requestId: string;
  readonly eventId: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The request, without what CloudTrail never shows (messages, signatures, grant tokens). */
  readonly request: Readonly<Record<string, unknown>>;
  /** Only operations that change something show their answer. */
  readonly response: Readonly<Record<string, unknown>> | null;
  /** ARN of the key concerned, once it was found. */
  readonly keyArn?: string;
  readonly error?: { readonly code: string; readonly message: string };
}

/** Members that CloudTrail leaves out of `requestParameters`. */
const HIDDEN = new Set(["Message", "Signature", "GrantTokens"]);

/**
 * An event in the shape CloudTrail gives to uses of KMS. For Sign: a management event, read-only, without response
 * elements, naming the key by ARN.
 */
export function cloudTrailEvent(use: Use): Record<string, unknown> {
  const parameters = Object.entries(use.request).filter(([name]) => !HIDDEN.has(name));
  return {
    eventVersion: "1.08",
    userIdentity: {
      type: "IAMUser",
      principalId: use.accessKeyId,
      arn: `arn:aws:iam::${use.account}:user/local`,
      accountId: use.account,
      accessKeyId: use.accessKeyId,
      userName: "local",
    },
    eventTime: `${new Date(use.time).toISOString().slice(0, 19)}Z`,
    eventSource: "kms.amazonaws.com",
    eventName: use.operation,
    awsRegion: use.region,
    sourceIPAddress: use.sourceAddress,
    userAgent: use.userAgent,
    ...(use.error === undefined ? {} : { errorCode: use.error.code, errorMessage: use.error.message }),
    requestParameters:
      parameters.length === 0
        ? null
        : Object.fromEntries(
            parameters.map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]),
          ),
    responseElements: use.response,
    requestID: use.requestId,
    eventID: use.eventId,
    readOnly: use.readOnly,
    ...(use.keyArn === undefined
      ? {}
      : { resources: [{ accountId: use.account, type: "AWS::KMS::Key", ARN: use.keyArn }] }),
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: use.account,
    eventCategory: "Management",
  };
}
