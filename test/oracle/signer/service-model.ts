import { findTestVectors, testVectors } from "../../utils/outside-files.ts";

const MODEL = "aws-kms-model-2014-11-01.json";

/** A shape of the published service model, as far as it constrains values. */
export interface ModelShape {
  readonly type: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
}

interface ModelFile {
  readonly operations: Readonly<
    Record<
      string,
      {
        readonly input: { readonly shape: string };
        readonly output?: { readonly shape: string };
        readonly errors: readonly { readonly shape: string }[];
      }
    >
  >;
  readonly shapes: Readonly<Record<string, ModelShape>>;
}

/** Errors that every operation may answer with and the model does not list. */
const COMMON_ERRORS = new Set([
  "AccessDeniedException",
  "ExpiredTokenException",
  "IncompleteSignatureException",
  "InvalidSignatureException",
  "MissingAuthenticationTokenException",
  "RequestEntityTooLargeException",
  "SerializationException",
  "ThrottlingException",
  "UnknownOperationException",
  "UnrecognizedClientException",
  "ValidationException",
]);

/** The service model of AWS KMS, as a judge of requests and responses. */
export class ServiceModel {
  readonly #file: ModelFile;

  constructor(file: ModelFile) {
    this.#file = file;
  }

  /** The published model; the test is skipped where it is not at hand. */
  static of(test: Mocha.Context): ServiceModel {
    return new ServiceModel(testVectors(test, MODEL) as ModelFile);
  }

  /** The same, or undefined. */
  static find(): ServiceModel | undefined {
    const file = findTestVectors(MODEL) as ModelFile | undefined;
    return file && new ServiceModel(file);
  }

  operations(): string[] {
    return Object.keys(this.#file.operations);
  }

  shape(name: string): ModelShape {
    const shape = this.#file.shapes[name];
    if (shape === undefined) throw new Error(`the model has no shape ${name}`);
    return shape;
  }

  inputOf(operation: string): string {
    return this.#operation(operation).input.shape;
  }

  /** What is wrong with a request body; empty when nothing is. */
  requestFlaws(operation: string, body: unknown): string[] {
    return this.#flaws(body, this.inputOf(operation), operation);
  }

  /** What is wrong with an answer; empty when nothing is. */
  responseFlaws(operation: string, status: number, body: string): string[] {
    const { output, errors } = this.#operation(operation);
    if (status === 200) {
      if (output === undefined)
        return body === "" ? [] : [`${operation}: expected an empty body, got ${body}`];
      return this.#flaws(JSON.parse(body), output.shape, `${operation} response`);
    }
    const error = JSON.parse(body) as Record<string, unknown>;
    const code = String(error["__type"]);
    const known = COMMON_ERRORS.has(code) || errors.some(({ shape }) => shape === code);
    const extra = Object.keys(error).filter((name) => name !== "__type" && name !== "message");
    return [
      ...(known ? [] : [`${operation}: the model knows no error ${code} here`]),
      ...extra.map((name) => `${operation}: an error has no member ${name}`),
    ];
  }

  #operation(name: string): ModelFile["operations"][string] {
    const operation = this.#file.operations[name];
    if (operation === undefined) throw new Error(`the model has no operation ${name}`);
    return operation;
  }

  #flaws(value: unknown, shapeName: string, path: string): string[] {
    const shape = this.shape(shapeName);
    const flaw = (what: string): string[] => [`${path}: ${what}, got ${JSON.stringify(value)}`];
    const bounded = (size: number): string[] =>
      size < (shape.min ?? 0) || size > (shape.max ?? Infinity)
        ? flaw(`size ${String(size)} outside ${String(shape.min)}..${String(shape.max)}`)
        : [];
    switch (shape.type) {
      case "structure": {
        if (typeof value !== "object" || value === null || Array.isArray(value))
          return flaw("not a structure");
        const given = value as Record<string, unknown>;
        const missing = (shape.required ?? []).filter((name) => given[name] === undefined);
        return [
          ...missing.map((name) => `${path}: lacks ${name}`),
          ...Object.entries(given).flatMap(([name, member]) => {
            const of = shape.members?.[name];
            return of === undefined
              ? [`${path}: has no member ${name}`]
              : this.#flaws(member, of.shape, `${path}.${name}`);
          }),
        ];
      }
      case "list":
        if (!Array.isArray(value)) return flaw("not a list");
        return [
          ...bounded(value.length),
          ...value.flatMap((item, index) =>
            this.#flaws(item, shape.member!.shape, `${path}[${String(index)}]`),
          ),
        ];
      case "string":
        if (typeof value !== "string") return flaw("not a string");
        if (shape.enum !== undefined && !shape.enum.includes(value)) return flaw("not of the set");
        if (shape.pattern !== undefined && !new RegExp(`^(?:${shape.pattern})$`, "s").test(value)) {
          return flaw(`not of the pattern ${shape.pattern}`);
        }
        return bounded(value.length);
      case "blob":
        if (typeof value !== "string" || Buffer.from(value, "base64").toString("base64") !== value) {
          return flaw("not base64");
        }
        return bounded(Buffer.from(value, "base64").length);
      case "integer":
        return Number.isInteger(value) ? bounded(value as number) : flaw("not an integer");
      case "boolean":
        return typeof value === "boolean" ? [] : flaw("not a boolean");
      case "timestamp":
        return typeof value === "number" ? [] : flaw("not seconds since 1970 as a number");
      default:
        return flaw(`unexpected type ${shape.type}`);
    }
  }
}
