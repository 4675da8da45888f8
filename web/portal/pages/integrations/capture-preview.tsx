import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { SessionView } from '../../../../contract/api/session.ts';
import { readableOn } from '../../../capture/readable-on.ts';
import { Intro } from '../../../capture/screens.tsx';
import styles from '../../../capture/styles.css?inline';
import { integrations as integrationsTexts } from '../../text/en/integrations.ts';
import type { OptionValues } from './option-values.ts';

const texts = integrationsTexts.preview;

/** The capture page's own style sheet, for a shadow root instead of a document. */
const sheetOf = (): CSSStyleSheet => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    styles
      .replaceAll(':root', ':host')
      .replaceAll(/(^|\})\s*body\b/g, '$1 .body')
      .replaceAll('#root', '.page'),
  );
  return sheet;
};

const text = (value: string | boolean | undefined): string => (typeof value === 'string' ? value : '');

/** What the capture page would receive for a user's first login; invalid values are omitted. */
const viewOf = (values: OptionValues): SessionView => {
  const now = Math.floor(Date.now() / 1000);
  const color = text(values['branding.accentColor']);
  const supportUrl = text(values['branding.supportUrl']);
  return {
    supportId: 'ABCD-EFGH',
    task: 'enroll',
    role: 'login',
    runsHere: true,
    handoffBy: values['phoneHandoff'] === true ? 'qr' : null,
    handoff: null,
    state: 'open',
    outcome: null,
    lockedUntil: null,
    returnable: true,
    branding: {
      displayName: text(values['branding.displayName']) || texts.organization,
      supportUrl: SessionView.shape.branding.shape.supportUrl.safeParse(supportUrl).data ?? null,
      accentColor: SessionView.shape.branding.shape.accentColor.safeParse(color).data ?? null,
    },
    app: texts.app,
    account: texts.account,
    otherNetwork: false,
    consent: {
      version: text(values['consent.version']) || '1',
      text: text(values['consent.text']) || '–',
      retentionDays: 1,
    },
    challenge:
      values['challenge'] === 'FaceMovementChallenge' ? 'FaceMovementChallenge' : 'FaceMovementAndLightChallenge',
    attemptsLeft: 3,
    expiresAt: now + 600,
    now,
    returnPath: '',
  };
};

const ignore = (): void => undefined;

/**
 * The capture page's first screen as users would see it, with its own components and styles. It is inert,
 * so that its heading, which takes the focus on the real page, takes none here.
 */
export const CapturePreview = ({ values }: { values: OptionValues }) => {
  const host = useRef<HTMLDivElement>(null);
  const [root, setRoot] = useState<ShadowRoot | null>(null);
  const title = useRef(document.title);
  useEffect(() => {
    const shadow = host.current?.shadowRoot ?? host.current?.attachShadow({ mode: 'open' }) ?? null;
    if (shadow !== null) shadow.adoptedStyleSheets = [sheetOf()];
    setRoot(shadow);
  }, []);
  // The screen sets the document's title; this page keeps its own.
  useEffect(() => {
    document.title = title.current;
  });
  const view = viewOf(values);
  const color = view.branding.accentColor;
  useEffect(() => {
    const style = host.current?.style;
    if (color === null) {
      style?.removeProperty('--brand');
      style?.removeProperty('--on-brand');
    } else {
      style?.setProperty('--brand', color);
      style?.setProperty('--on-brand', readableOn(color));
    }
  }, [color]);
  return (
    <Container header={<Header variant="h2">{texts.title}</Header>}>
      <Box color="text-body-secondary" padding={{ bottom: 's' }}>
        {texts.text}
      </Box>
      <div ref={host} inert className="capture-preview" data-testid="capture-preview" />
      {root !== null &&
        createPortal(
          <div className="body">
            <div className="page">
              <Intro view={view} notice={null} onStart={ignore} onEnd={ignore} onHandOver={ignore} />
            </div>
          </div>,
          root,
        )}
    </Container>
  );
};
