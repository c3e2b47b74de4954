/** A command line, file or setting that cannot be acted upon; the command ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
