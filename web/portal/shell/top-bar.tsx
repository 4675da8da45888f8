import { useHref } from 'react-router';
import type { Me } from '../../../contract/api/portal/me.ts';
import { en } from '../text/en.ts';
import { type Appearance, useAppearance } from './appearance.ts';

export interface TopBarProps {
  readonly me: Me;
  readonly onHome: () => void;
  readonly onSignOut: () => void;
}

const APPEARANCES: readonly Appearance[] = ['system', 'light', 'dark'];

/** Who is signed in, with which role in which account; light or dark; sign-out. */
export const TopBar = ({ me, onHome, onSignOut }: TopBarProps) => {
  const { appearance, setAppearance } = useAppearance();
  const home = useHref('/');
  const { top } = en;
  return (
    <>
      <a
        className="top-title"
        href={home}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          onHome();
        }}
      >
        {en.product}
      </a>
      <p className="top-who">
        <strong>{me.account.name}</strong>
        <span>
          {me.email ?? me.operatorId} · {top.roles[me.role]}
        </span>
      </p>
      <label className="top-appearance">
        <span>{top.appearance}</span>
        <select
          value={appearance}
          onChange={({ target }) => setAppearance(APPEARANCES.find((each) => each === target.value) ?? 'system')}
        >
          {APPEARANCES.map((each) => (
            <option key={each} value={each}>
              {top[each]}
            </option>
          ))}
        </select>
      </label>
      <button type="button" className="top-out" onClick={onSignOut}>
        {top.signOut}
      </button>
    </>
  );
};
