/** An answer of the service other than success: a code, a message and a status, as AWS words them. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  readonly status: number;

  /**
   * @param code as on the wire, in `__type`
   * @param message as on the wire; the empty string leaves `message` out of the body, as AWS does
   * @param status HTTP status; AWS answers 400 to nearly everything that is the caller's doing
   */
  constructor(code: string, message = "", status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }

  /** The JSON body. */
  body(): string {
    return JSON.stringify(
      this.message === "" ? { __type: this.code } : { __type: this.code, message: this.message },
    );
  }
}
