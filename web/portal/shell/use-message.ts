import { useCallback, useEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router';

interface Message {
  readonly text: string;
  /** Path and query of its page. */
  readonly of: string;
}

/** The message at the top of the page. It belongs to one page, so that it never appears above another user or another list. */
export const useMessage = (first: string | null) => {
  const { pathname, search } = useLocation();
  const here = `${pathname}${search}`;
  const current = useRef(here);
  const [message, setMessage] = useState<Message | null>(() => (first === null ? null : { text: first, of: here }));
  useEffect(() => {
    current.current = here;
    setMessage((before) => (before?.of === here ? before : null));
  }, [here]);
  const announce = useCallback(
    (text: string, path?: string): void => setMessage({ text, of: path ?? current.current }),
    [],
  );
  const dismiss = useCallback((): void => setMessage(null), []);
  return { message: message?.of === here ? message.text : null, announce, dismiss };
};
