import { frameAddress } from './frame-address.ts';
import { LANGUAGES } from './languages.ts';
import { type Scheme, showScheme } from './scheme.ts';
import type { ScreenGroup, ScreenGroups } from './screen-groups.ts';

const FRAME_HEIGHT = 720;

const groups = (await (await fetch('/screens.json')).json()) as ScreenGroups;

/** The choices; the first is the default. The address keeps the choice. */
const SWITCHES = {
  group: Object.keys(groups),
  scheme: ['light', 'dark', 'both'],
  width: ['390', '320', '768', '1280'],
  language: LANGUAGES,
  direction: ['ltr', 'rtl'],
} as const;
type SwitchName = keyof typeof SWITCHES;

const chosen = new URLSearchParams(location.hash.slice(1));
const choiceOf = (name: SwitchName): string => {
  const value = chosen.get(name) ?? '';
  return (SWITCHES[name] as readonly string[]).includes(value) ? value : (SWITCHES[name][0] ?? '');
};

const screenFrame = (name: string, scheme: string): HTMLElement => {
  const figure = document.createElement('figure');
  const caption = document.createElement('figcaption');
  const frame = document.createElement('iframe');
  const [language, direction] = [choiceOf('language'), choiceOf('direction')];
  const link = document.createElement('a');
  link.href = frameAddress(choiceOf('group') as ScreenGroup, name, { language, direction, scheme });
  link.textContent = `${name}, ${scheme}`;
  caption.append(link);
  frame.title = link.textContent;
  frame.loading = 'lazy';
  frame.width = choiceOf('width');
  frame.height = String(FRAME_HEIGHT);
  // Pages of the service have no script that could do it.
  frame.addEventListener('load', () => {
    if (frame.contentDocument !== null) showScheme(frame.contentDocument, scheme as Scheme);
  });
  frame.src = link.href;
  figure.append(caption, frame);
  return figure;
};

const draw = (): void => {
  const schemes = choiceOf('scheme') === 'both' ? ['light', 'dark'] : [choiceOf('scheme')];
  const names = groups[choiceOf('group') as ScreenGroup].filter((name) => name.includes(chosen.get('name') ?? ''));
  document
    .getElementById('screens')
    ?.replaceChildren(...names.flatMap((name) => schemes.map((scheme) => screenFrame(name, scheme))));
};

const choose = (name: string, value: string): void => {
  chosen.set(name, value);
  history.replaceState(null, '', `#${chosen}`);
  draw();
};

const labelled = (name: string, control: HTMLElement): HTMLLabelElement => {
  const label = document.createElement('label');
  label.append(name, control);
  return label;
};

const selectOf = (name: SwitchName): HTMLLabelElement => {
  const select = document.createElement('select');
  select.append(...SWITCHES[name].map((value) => new Option(value, value, false, value === choiceOf(name))));
  select.addEventListener('change', () => choose(name, select.value));
  return labelled(name, select);
};

const nameFilter = (): HTMLLabelElement => {
  const input = document.createElement('input');
  input.type = 'search';
  input.value = chosen.get('name') ?? '';
  input.addEventListener('change', () => choose('name', input.value));
  return labelled('name', input);
};

document.getElementById('switches')?.append(...(Object.keys(SWITCHES) as SwitchName[]).map(selectOf), nameFilter());
document.getElementById('switches')?.addEventListener('submit', (event) => event.preventDefault());
draw();
