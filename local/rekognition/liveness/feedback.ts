/** What lowered a confidence, by Rekognition's codes (API change of 2026-09-25), in text for the person in front of the camera. */
export const FEEDBACK_MESSAGES = {
  FACE_NOT_VISIBLE: 'The face was not visible, or was not the only one, in part of the video.',
  FACE_OBSTRUCTION_DETECTED: 'Something covers part of the face.',
  LOW_VIDEO_QUALITY_DETECTED: 'The quality of the video is too low.',
  FACE_NOT_ALIGNED: 'The face was not inside the oval at the end.',
  EYES_CLOSED_DETECTED: 'The eyes were closed.',
  LOW_LIGHTING_DETECTED: 'The face was too dark.',
  HIGH_LIGHTING_DETECTED: 'The face was too bright.',
} as const;

export type FeedbackCode = keyof typeof FEEDBACK_MESSAGES;
