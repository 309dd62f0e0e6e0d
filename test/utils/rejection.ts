/** The error that a promise is expected to reject with. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`rejected with something that is not an Error: ${String(error)}`, { cause: error });
  }
  throw new Error("expected a rejection");
}
