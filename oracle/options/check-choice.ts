/**
 * Refuses a word that a formula would take for another: what runs without its types being checked may say any.
 *
 * @throws RangeError naming the field, what it must be and what it is
 */
export function checkChoice(name: string, value: string, choices: readonly [string, string]): void {
  if (!choices.includes(value))
    throw new RangeError(`${name} must be ${choices.join(" or ")}, got ${value}.`);
}
