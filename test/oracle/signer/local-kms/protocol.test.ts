import { createHash, createHmac } from "node:crypto";

import { DecryptCommand, ListKeysCommand, SignCommand } from "@aws-sdk/client-kms";
import { expect } from "chai";

import { manualClock, systemClock } from "../../../../oracle/clock.ts";
import { CONTROL_HEADER, CONTROL_PATH } from "../../../../oracle/signer/local-kms/control.ts";
import type { FaultInput } from "../../../../oracle/signer/local-kms/faults.ts";
import { KeyStore } from "../../../../oracle/signer/local-kms/key-store.ts";
import { LocalKms } from "../../../../oracle/signer/local-kms/local-kms.ts";
import { NotLoopbackError } from "../../../../oracle/signer/local-kms/loopback.ts";
import { rejection } from "../../../utils/rejection.ts";
import { ACCESS_KEY, REGION, Rig } from "../rig.ts";

/** 2026-01-05T00:55:00Z */
const NOW = Date.UTC(2026, 0, 5, 0, 55);
const DATE = "20260105T005500Z";
const AUTHORIZATION = "AWS4-HMAC-SHA256";

interface Changes {
  readonly target?: string;
  readonly body?: string;
  readonly date?: string;
  readonly accessKeyId?: string;
  readonly secret?: string;
  readonly service?: string;
  readonly signed?: readonly string[];
  readonly after?: (headers: Record<string, string>) => void;
}

/** SigV4 by the book, written for this test alone. */
function signedHeaders(host: string, changes: Changes): { headers: Record<string, string>; body: string } {
  const body = changes.body ?? "{}";
  const date = changes.date ?? DATE;
  const day = date.slice(0, 8);
  const headers: Record<string, string> = {
    "content-type": "application/x-amz-json-1.1",
    host,
    "x-amz-date": date,
    "x-amz-target": changes.target ?? "TrentService.ListKeys",
  };
  const names = changes.signed ?? Object.keys(headers).sort();
  const sha = (text: string): string => createHash("sha256").update(text).digest("hex");
  const hmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
  const lines = names.map((name) => `${name}:${headers[name]!}\n`).join("");
  const canonical = ["POST", "/", "", lines, names.join(";"), sha(body)].join("\n");
  const scope = [day, REGION, changes.service ?? "kms", "aws4_request"];
  const toSign = [AUTHORIZATION, date, scope.join("/"), sha(canonical)].join("\n");
  const secret = changes.secret ?? ACCESS_KEY.secretAccessKey;
  const key = scope.reduce<Buffer>((k, part) => hmac(k, part), Buffer.from(`AWS4${secret}`));
  const credential = `${changes.accessKeyId ?? ACCESS_KEY.accessKeyId}/${scope.join("/")}`;
  const signature = hmac(key, toSign).toString("hex");
  headers["authorization"] =
    `${AUTHORIZATION} Credential=${credential}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  changes.after?.(headers);
  return { headers, body };
}

describe("local KMS on the wire", () => {
  let rig: Rig;

  beforeEach(async () => {
    rig = await Rig.start({ clock: manualClock(NOW) });
  });

  afterEach(async () => {
    await rig.stop();
  });

  async function post(
    changes: Changes = {},
  ): Promise<{ status: number; headers: Headers; type: string; message: string }> {
    const { host, ...rest } = signedHeaders(new URL(rig.endpoint).host, changes).headers;
    expect(host).to.be.a("string");
    const response = await fetch(rig.endpoint, { method: "POST", headers: rest, body: changes.body ?? "{}" });
    const text = await response.text();
    const { __type, message } = (text === "" ? {} : JSON.parse(text)) as {
      __type?: string;
      message?: string;
    };
    return { status: response.status, headers: response.headers, type: __type ?? "", message: message ?? "" };
  }

  it("answers with the headers of the real service", async () => {
    const { status, headers } = await post();
    expect(status).to.equal(200);
    expect(headers.get("content-type")).to.equal("application/x-amz-json-1.1");
    expect(headers.get("x-amzn-requestid")).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(headers.get("date")).to.equal("Mon, 05 Jan 2026 00:55:00 GMT");
    expect(headers.get("cache-control")).to.equal("no-cache, no-store, must-revalidate, private");
  });

  it("answers unknown operations as AWS does", async () => {
    for (const target of [
      "TrentService.SignEverything",
      "TrentService.constructor",
      "Other.Sign",
      "Sign",
      "",
    ]) {
      const { status, type, message } = await post({ target });
      expect({ status, type, message }).to.deep.equal({
        status: 400,
        type: "UnknownOperationException",
        message: "",
      });
    }
    const decrypt = new DecryptCommand({ CiphertextBlob: Uint8Array.of(1) });
    expect(await rejection(rig.client().send(decrypt))).to.include({ name: "UnknownOperationException" });
  });

  it("asks for a signature, and for all of it", async () => {
    const drop = (name: string) => (headers: Record<string, string>) => {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a header is missing
      delete headers[name];
    };
    const authorization = (change: (value: string) => string) => (headers: Record<string, string>) => {
      headers["authorization"] = change(headers["authorization"]!);
    };
    const cases: [Changes, string, RegExp][] = [
      [
        { after: drop("authorization") },
        "MissingAuthenticationTokenException",
        /^Missing Authentication Token$/,
      ],
      [{ after: drop("x-amz-date") }, "IncompleteSignatureException", /'X-Amz-Date'/],
      [
        { after: authorization((a) => a.replace(/Credential=[^,]*, /, "")) },
        "IncompleteSignatureException",
        /'Credential'/,
      ],
      [
        { after: authorization((a) => a.replace(/, Signature=.*/, "")) },
        "IncompleteSignatureException",
        /'Signature'/,
      ],
      [
        { after: authorization((a) => a.replace(/SignedHeaders=[^,]*, /, "")) },
        "IncompleteSignatureException",
        /'SignedHeaders'/,
      ],
      [
        { after: authorization((a) => a.replace("/kms/", "/")) },
        "IncompleteSignatureException",
        /5 slash-delimited/,
      ],
      [
        { after: authorization((a) => a.replace(AUTHORIZATION, "Basic")) },
        "IncompleteSignatureException",
        /'Basic'/,
      ],
      [{ accessKeyId: "AKIANOBODY" }, "UnrecognizedClientException", /security token .* is invalid/],
      [{ after: (h) => (h["x-amz-security-token"] = "stray") }, "UnrecognizedClientException", /is invalid/],
      [{ secret: "another" }, "InvalidSignatureException", /does not match the signature you provided/],
      [
        { after: (h) => (h["x-amz-target"] = "TrentService.DescribeKey") },
        "InvalidSignatureException",
        /does not match/,
      ],
      [
        { after: authorization((a) => `${a.slice(0, -1)}${a.endsWith("0") ? "1" : "0"}`) },
        "InvalidSignatureException",
        /does not match/,
      ],
      [{ service: "s3" }, "InvalidSignatureException", /correct service: 'kms'/],
      [{ signed: ["host"] }, "InvalidSignatureException", /'x-amz-date' must be a signed header/],
      [{ signed: ["x-amz-date"] }, "InvalidSignatureException", /'host' must be a signed header/],
      [
        { date: "20260105T004959Z" },
        "InvalidSignatureException",
        /^Signature expired: 20260105T004959Z is now earlier than 20260105T005000Z \(20260105T005500Z - 5 min\.\)$/,
      ],
      [
        { date: "20260105T010001Z" },
        "InvalidSignatureException",
        /^Signature not yet current: 20260105T010001Z is still later than 20260105T010000Z \(20260105T005500Z \+ 5 min\.\)$/,
      ],
    ];
    for (const [changes, type, message] of cases) {
      const answer = await post(changes);
      expect(answer, String(message)).to.include({ status: 400, type });
      expect(answer.message).to.match(message);
    }
    for (const date of ["20260105T005000Z", "20260105T010000Z"])
      expect((await post({ date })).status).to.equal(200);
    // Nothing of this was a use of a key.
    expect(rig.events.filter(({ errorCode }) => errorCode !== undefined)).to.deep.equal([]);
  });

  it("refuses a signed request whose body was changed on the way", async () => {
    const { headers } = signedHeaders(new URL(rig.endpoint).host, { body: "{}" });
    const { host, ...rest } = headers;
    expect(host).to.be.a("string");
    const response = await fetch(rig.endpoint, { method: "POST", headers: rest, body: '{"Limit":1}' });
    expect(await response.json()).to.include({ __type: "InvalidSignatureException" });
  });

  it("says what is wrong with a request, all of it at once", async () => {
    const cases: [string, string, string, string][] = [
      ["Sign", "not json", "SerializationException", "The request is not JSON"],
      ["Sign", "[]", "SerializationException", "START_ARRAY can not be converted to a Structure"],
      ["ListKeys", '{"Limit":"1"}', "SerializationException", "STRING can not be converted to a Integer"],
      [
        "ListKeys",
        '{"Limit":1001,"Marker":""}',
        "ValidationException",
        "2 validation errors detected: Value '1001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 1000; " +
          "Value '' at 'marker' failed to satisfy constraint: Member must have length greater than or equal to 1",
      ],
      [
        "DescribeKey",
        "{}",
        "ValidationException",
        "1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null",
      ],
      [
        "Sign",
        JSON.stringify({
          KeyId: "k",
          Message: Buffer.alloc(4097).toString("base64"),
          SigningAlgorithm: "ECDSA_SHA_256",
        }),
        "ValidationException",
        "1 validation error detected: Value at 'message' failed to satisfy constraint: Member must have length less than or equal to 4096",
      ],
      [
        "Sign",
        '{"KeyId":"k","Message":"?","SigningAlgorithm":"ECDSA_SHA_256"}',
        "SerializationException",
        "Invalid Base64 content",
      ],
      [
        "CreateAlias",
        '{"AliasName":"alias/ü","TargetKeyId":"k"}',
        "ValidationException",
        "1 validation error detected: Value 'alias/ü' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$",
      ],
      [
        "Sign",
        `{"x":"${"y".repeat(300_000)}"}`,
        "RequestEntityTooLargeException",
        "The limit is 262144 bytes",
      ],
    ];
    for (const [operation, body, type, message] of cases) {
      expect(await post({ target: `TrentService.${operation}`, body })).to.include({ type, message });
    }
  });

  it("listens on loopback only", async () => {
    const make = (): LocalKms =>
      new LocalKms({ store: KeyStore.inMemory(), accessKeys: [ACCESS_KEY], clock: systemClock() });
    for (const host of [
      "0.0.0.0",
      "::",
      "10.0.0.1",
      "192.168.1.1",
      "example.org",
      "128.0.0.1",
      "::2",
      "fe80::1",
      "",
    ]) {
      expect(await rejection(make().listen(0, host)), host).to.be.instanceOf(NotLoopbackError);
    }
    for (const [host, prefix] of [
      ["localhost", "http://127.0.0.1:"],
      ["127.0.0.1", "http://127.0.0.1:"],
      ["127.1.2.3", "http://127.1.2.3:"],
    ] as const) {
      const kms = make();
      expect((await kms.listen(0, host)).startsWith(prefix)).to.equal(true);
      await kms.close();
    }
  });

  describe("fault script over HTTP", () => {
    const send = async (method: string, body?: string, header = "1"): Promise<Response> =>
      fetch(`${rig.endpoint}${CONTROL_PATH}`, {
        method,
        headers: { [CONTROL_HEADER]: header },
        ...(body === undefined ? {} : { body }),
      });

    it("is replaced, read with counts, and cleared", async () => {
      const script: FaultInput[] = [{ fault: "throttle", operation: "ListKeys", after: 1, times: 1 }];
      expect((await send("PUT", JSON.stringify(script))).status).to.equal(200);
      expect((await post()).status).to.equal(200);
      expect(await post()).to.include({ status: 400, type: "ThrottlingException", message: "Rate exceeded" });
      expect((await post()).status).to.equal(200);
      const [line] = (await (await send("GET")).json()) as Record<string, unknown>[];
      expect(line).to.include({ fault: "throttle", after: 1, times: 1, seen: 3 });
      await send("DELETE");
      expect(await (await send("GET")).json()).to.deep.equal([]);
    });

    it("keeps the old script when the new one is malformed, and refuses web pages", async () => {
      await send("PUT", '[{"fault":"internal"}]');
      for (const bad of ['[{"fault":"fire"}]', "{", '[{"fault":"slow"}]', '[{"fault":"hang","typo":1}]']) {
        const response = await send("PUT", bad);
        expect(response.status, bad).to.equal(400);
        expect(((await response.json()) as { error: string }).error)
          .to.be.a("string")
          .and.not.equal("");
      }
      expect((await send("PUT", "[]", "0")).status).to.equal(403);
      expect((await send("POST")).status).to.equal(405);
      expect(await post()).to.include({ status: 500, type: "KMSInternalException" });
    });

    it("answers late by the injected clock, counting from the request's arrival", async () => {
      const clock = manualClock(NOW);
      const slow = await Rig.start({ clock });
      slow.kms.faults.set([{ fault: "slow", ms: 500 }]);
      let answered = false;
      const { host, ...headers } = signedHeaders(new URL(slow.endpoint).host, {}).headers;
      expect(host).to.be.a("string");
      const answer = fetch(slow.endpoint, { method: "POST", headers, body: "{}" }).then((response) => {
        answered = true;
        return response.status;
      });
      await slow.received(() => true);
      await clock.advance(499);
      expect(answered).to.equal(false);
      await clock.advance(1);
      expect(await answer).to.equal(200);
      await slow.stop();
    });
  });

  it("lets the SDK retry what it retries, and only that", async () => {
    const own = await Rig.start();
    const client = own.client({ maxAttempts: 2 });
    const { address } = await own.signer();
    expect(address).to.be.a("string");
    const message = {
      Message: Buffer.alloc(32, 1),
      MessageType: "DIGEST",
      SigningAlgorithm: "ECDSA_SHA_256",
    } as const;
    const sign = (): Promise<number | undefined> =>
      client
        .send(new SignCommand({ KeyId: own.keyArn, ...message }))
        .then(({ $metadata }) => $metadata.attempts);
    for (const fault of ["throttle", "internal", "unavailable", "dependency", "limit", "reset"] as const) {
      own.kms.faults.set([{ fault, times: 1 }]);
      expect(await sign(), fault).to.equal(2);
    }
    for (const fault of [
      "disabled",
      "state",
      "not-found",
      "denied",
      "usage",
      "validation",
      "expired-token",
    ] as const) {
      own.kms.faults.set([{ fault, times: 1 }]);
      expect(await rejection(sign()), fault).to.have.nested.property("$metadata.attempts", 1);
    }
    own.kms.faults.set([]);
    expect((await client.send(new ListKeysCommand({}))).Keys).to.have.length(1);
    await own.stop();
  });
});
