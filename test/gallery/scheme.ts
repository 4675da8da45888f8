/** A color scheme that a frame shows, whatever the device prefers; null: the device's. */
export type Scheme = 'light' | 'dark' | null;

const PREFERENCE = /\(prefers-color-scheme:\s*(light|dark)\)/g;
/** Media queries that match always, and never. */
const [ALWAYS, NEVER] = ['(min-width: 0)', '(max-width: 0)'];

const inScheme = (query: string, scheme: Scheme): string =>
  query.replaceAll(PREFERENCE, (_, asked: string) => (asked === scheme ? ALWAYS : NEVER) ?? '');

const rewriteRules = (rules: CSSRuleList, scheme: Scheme): void => {
  for (const rule of rules) {
    if (!('media' in rule) || !('cssRules' in rule)) continue;
    const { media, cssRules } = rule as CSSMediaRule;
    media.mediaText = inScheme(media.mediaText, scheme);
    rewriteRules(cssRules, scheme);
  }
};

/** Shows the document in the scheme: replaces the media queries for the device's preference in its rules. */
export const showScheme = (document: Document, scheme: Scheme): void => {
  if (scheme === null) return;
  document.documentElement.style.colorScheme = scheme;
  for (const { cssRules } of document.styleSheets) rewriteRules(cssRules, scheme);
};

/** The same for a document that is not rendered yet, and for scripts that query the preference. Call it before any of them runs. */
export const keepScheme = (scheme: Scheme): void => {
  if (scheme === null) return;
  const matches = window.matchMedia.bind(window);
  window.matchMedia = (query) => matches(inScheme(query, scheme));
  new MutationObserver(() => showScheme(document, scheme)).observe(document.head, { childList: true, subtree: true });
  showScheme(document, scheme);
};
