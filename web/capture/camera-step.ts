import stylesAddress from '@aws-amplify/ui-react/styles.css?url';
import type { LivenessStep } from './liveness-step.tsx';
import { loadPart, loadStyles } from './load-part.ts';

type Step = typeof LivenessStep;

let loaded: Step | null = null;
let loading: Promise<void> | null = null;

const load = async (): Promise<void> => {
  const [part] = await Promise.all([
    loadPart('liveness-step', () => import('./liveness-step.tsx')),
    loadStyles(stylesAddress),
  ]);
  loaded = part.LivenessStep;
};

/** Loads the liveness component and its styles, once. The next call retries what failed. @throws Error */
export const loadCameraStep = (): Promise<void> => {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
};

/** The component, once it is loaded. */
export const cameraStep = (): Step | null => loaded;
