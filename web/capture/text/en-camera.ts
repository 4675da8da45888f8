/** Texts inside the liveness component. Kept apart from `en.ts`, part of which the portal shows. */
export const enCamera = {
  hintMoveFaceFrontOfCameraText: 'Move your face in front of the camera',
  hintTooManyFacesText: 'Only one face, please',
  hintFaceDetectedText: 'Face found',
  hintCanNotIdentifyText: 'Move your face in front of the camera',
  hintTooCloseText: 'Move back',
  hintTooFarText: 'Move closer',
  hintConnectingText: 'Connecting',
  hintVerifyingText: 'Checking',
  hintCheckCompleteText: 'Done',
  hintIlluminationNormalText: 'The light is good',
  hintIlluminationTooBrightText: 'Find less light',
  hintIlluminationTooDarkText: 'Find more light',
  hintHoldFaceForFreshnessText: 'Hold still',
  hintCenterFaceText: 'Center your face',
  hintCenterFaceInstructionText: 'Center your face in the picture, then move closer when the oval appears.',
  hintFaceOffCenterText: 'Center your face in the oval',
  hintMatchIndicatorText: 'Halfway there. Keep moving closer.',
  cancelLivenessCheckText: 'Stop the face check',
  recordingIndicatorText: 'Rec',
  waitingCameraPermissionText: 'Allow the camera when your browser asks.',
  a11yVideoLabelText: 'Camera picture',
  cameraMinSpecificationsHeadingText: 'The camera is too slow',
  cameraMinSpecificationsMessageText:
    'The check needs 320 by 240 pixels and 15 pictures a second. Close other programs and find more light.',
  cameraNotFoundHeadingText: 'The camera cannot be used',
  cameraNotFoundMessageText: 'Connect a camera, close other programs that use it, and allow it for this page.',
  retryCameraPermissionsText: 'Try again',
} as const;

/** While the browser asks for the camera, or the script of the check is loading. */
export const enWaiting = {
  camera: 'Allow the camera',
  cameraHint: {
    title: 'Do you see a question about the camera?',
    text: 'Your browser asks at the top of the window or next to the address. Choose “Allow”. If you see nothing there, close other programs that use the camera, go back and try again.',
  },
  slowHint: {
    title: 'This is taking longer than usual',
    text: 'The connection is slow. The check starts on its own as soon as everything is loaded.',
  },
  back: 'Go back',
} as const;

/** Shown when the page itself failed. */
export const enBroken = {
  title: 'This page stopped working',
  text: 'The camera is off. Reload the page to continue. If it happens again, give the support id to your administrator.',
} as const;
