/** Something was to be stored that contradicts what is stored: the signer would have said two things. */
export class StoreConflict extends Error {
  override readonly name = "StoreConflict";

  constructor(what: string, stored: string, given: string) {
    super(
      `${what}: stored is ${stored}, given was ${given}; stop this signer and find out who else uses its store`,
    );
  }
}
