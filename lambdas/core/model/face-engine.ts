/**
 * Which engine references are made for now. Stored with each reference; one of another engine is not compared but has to be
 * enrolled again, since thresholds of one engine mean nothing to another.
 */
export const FACE_ENGINE = 'rekognition-compare-faces';
