import { AwsError } from "./aws-error.ts";
import type { Shape, StructureShape } from "./shapes.ts";

/** Value sets in the order the real service recites them (it is not the model's), where a recording shows it. */
const RECORDED_ENUMS: Readonly<Record<string, string>> = {
  keySpec:
    "RSA_2048, ECC_NIST_P384, ECC_NIST_P256, ECC_NIST_P521, HMAC_384, RSA_3072, ECC_SECG_P256K1, RSA_4096, " +
    "SYMMETRIC_DEFAULT, HMAC_256, HMAC_224, HMAC_512",
  keyUsage: "ENCRYPT_DECRYPT, SIGN_VERIFY, GENERATE_VERIFY_MAC",
};

/**
 * Checks a request against its shape, in the words of the real service.
 *
 * @param request the parsed JSON body
 * @throws AwsError `SerializationException` for a member of the wrong JSON type, otherwise `ValidationException` naming
 * every member that breaks a constraint
 */
export function validate(
  request: unknown,
  shape: StructureShape,
): asserts request is Record<string, unknown> {
  const broken: string[] = [];
  collect(request, shape, "", broken);
  if (broken.length === 0) return;
  const count = broken.length === 1 ? "1 validation error" : `${String(broken.length)} validation errors`;
  throw new AwsError("ValidationException", `${count} detected: ${broken.join("; ")}`);
}

function collect(value: unknown, shape: Shape, path: string, broken: string[]): void {
  const fail = (member: string, shown = `'${display(value)}' `): void => {
    broken.push(`Value ${shown}at '${path}' failed to satisfy constraint: Member must ${member}`);
  };
  const length = (size: number, bounds: { min?: number; max?: number }, shown?: string): void => {
    if (bounds.min !== undefined && size < bounds.min) {
      fail(`have length greater than or equal to ${String(bounds.min)}`, shown);
    }
    if (bounds.max !== undefined && size > bounds.max) {
      fail(`have length less than or equal to ${String(bounds.max)}`, shown);
    }
  };
  switch (shape.type) {
    case "structure": {
      if (typeof value !== "object" || value === null || Array.isArray(value))
        throw wrongType(value, "Structure");
      const members = value as Record<string, unknown>;
      for (const name of shape.required) {
        if (members[name] === undefined || members[name] === null) {
          const at = join(path, camel(name));
          broken.push(`Value null at '${at}' failed to satisfy constraint: Member must not be null`);
        }
      }
      // Members that are not in the shape are ignored, as the service does.
      for (const [name, member] of Object.entries(shape.members)) {
        const given = members[name];
        if (given !== undefined && given !== null) collect(given, member, join(path, camel(name)), broken);
      }
      return;
    }
    case "list":
      if (!Array.isArray(value)) throw wrongType(value, "List");
      length(value.length, shape);
      value.forEach((member, index) => {
        collect(member, shape.member, `${path}.${String(index + 1)}.member`, broken);
      });
      return;
    case "boolean":
      if (typeof value !== "boolean") throw wrongType(value, "Boolean");
      return;
    case "integer":
      if (typeof value !== "number" || !Number.isInteger(value)) throw wrongType(value, "Integer");
      if (shape.min !== undefined && value < shape.min) {
        fail(`have value greater than or equal to ${String(shape.min)}`);
      }
      if (shape.max !== undefined && value > shape.max)
        fail(`have value less than or equal to ${String(shape.max)}`);
      return;
    case "blob":
      if (typeof value !== "string") throw wrongType(value, "ByteBuffer");
      if (!isBase64(value)) throw new AwsError("SerializationException", "Invalid Base64 content");
      length(Buffer.from(value, "base64").length, shape, "");
      return;
    case "string":
      if (typeof value !== "string") throw wrongType(value, "String");
      length(value.length, shape);
      if (shape.enum !== undefined && !shape.enum.includes(value)) {
        fail(`satisfy enum value set: [${RECORDED_ENUMS[path] ?? shape.enum.join(", ")}]`);
      }
      if (shape.pattern !== undefined && !wholly(shape.pattern).test(value)) {
        fail(`satisfy regular expression pattern: ${shape.pattern}`);
      }
  }
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function wholly(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, "s");
}

function display(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function camel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function wrongType(value: unknown, expected: string): AwsError {
  const found = value === null ? "NULL" : Array.isArray(value) ? "START_ARRAY" : typeof value;
  return new AwsError(
    "SerializationException",
    `${found.toUpperCase()} can not be converted to a ${expected}`,
  );
}
