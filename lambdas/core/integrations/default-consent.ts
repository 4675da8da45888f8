/**
 * The consent that a new integration starts with; operators replace it with a version approved by their lawyers. It names purpose,
 * data, retention and the alternative, as GDPR article 7 and 740 ILCS 14/15(b) ask.
 */
export const defaultConsent = (organisation: string, retentionDays = 1095) => ({
  version: '2026-11',
  retentionDays,
  text:
    `${organisation} asks to use your face to confirm that it is you who is signing in. A short video is checked to see that a ` +
    'real person is in front of the camera. One picture of your face is stored, encrypted, and compared when you sign in again. ' +
    `It is used for nothing else and is not shared or sold. It is deleted when you or ${organisation} ask for it, and at the latest ` +
    `${retentionDays} days after you last used it. You do not have to agree: choose “Use another way” and ask ${organisation} for another method.`,
});
