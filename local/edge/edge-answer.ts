/** An answer on its way to the viewer, whether from origin, function or distribution. */
export interface EdgeAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer | string;
}

/** What API Gateway answers by itself. */
export const gatewayMessage = (status: number, message: string): EdgeAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message }),
});

/** What CloudFront answers by itself. */
export const distributionMessage = (status: number, text: string): EdgeAnswer => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: `<!doctype html><title>${status}</title><h1>${status}</h1><p>${text}</p>`,
});
