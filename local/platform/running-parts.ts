/** Running parts, to be closed in the reverse order of their start, even if a later one fails. */
export class RunningParts {
  readonly #closers: (() => Promise<void>)[] = [];

  async add<Part extends { close(): Promise<void> }>(starting: Promise<Part>): Promise<Part> {
    const part = await starting;
    this.#closers.push(() => part.close());
    return part;
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }
}
