import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { SecretGeneration, ShownOnce as Shown } from '../../../../contract/api/portal/integrations.ts';
import type { Rotation } from '../../../../contract/api/portal/rotation.ts';
import { INTEGRATION_ROUTES } from '../../../../contract/api/routes/portal-integrations.ts';
import { isRotationRefusal } from '../../api/client.ts';
import { useMutation } from '../../api/use-mutation.ts';
import { Failure } from '../../components/page-states.tsx';
import { secrets as texts } from '../../text/en/secrets.ts';

type Overlap = keyof typeof texts.overlaps;
const OVERLAPS = (Object.keys(texts.overlaps) as Overlap[])
  .sort((a, b) => Number(a) - Number(b))
  .map((seconds) => ({ value: seconds, label: texts.overlaps[seconds] }));

/** Which of two secrets ends; preselected only if exactly one of them was used. */
const useEnding = (secrets: readonly SecretGeneration[]) => {
  const [chosen, setChosen] = useState<number | null>(null);
  const unused = secrets.filter(({ lastUsedAt }) => lastUsedAt === null);
  const ending =
    secrets.find(({ generation }) => generation === chosen) ?? (unused.length === 1 ? unused[0] : undefined);
  return { ending, choose: setChosen };
};

/** Creates another Session Secret; while two are accepted, asks which of them ends. */
export const RotateSecret = (props: {
  integrationId: string;
  secrets: readonly SecretGeneration[];
  onShown: (shown: Shown) => void;
  onRefused: () => void;
}) => {
  const { integrationId, secrets } = props;
  const { mutate, isBusy, failure } = useMutation();
  const [overlap, setOverlap] = useState<Overlap>('86400');
  const { ending, choose } = useEnding(secrets);
  const isEnding = secrets.length > 1;
  const choices = secrets.map(({ generation, fingerprint, lastUsedAt, endsAt }) => ({
    value: String(generation),
    label: fingerprint,
    description: texts.endingHelp(lastUsedAt !== null, endsAt === null),
  }));
  const rotate = async (): Promise<void> => {
    // Without an overlap both end, as chosen.
    const ended = isEnding ? secrets.filter((secret) => overlap === '0' || secret === ending) : [];
    const body: Rotation = {
      generation: Math.max(...secrets.map(({ generation }) => generation)),
      overlapSeconds: Number(overlap),
      ends: ended.map(({ generation, lastUsedAt }) => ({ generation, lastUsedAt })),
    };
    const shown = await mutate((api) =>
      api.call(INTEGRATION_ROUTES.portalRotateSecret, { path: { integrationId }, body }).catch((error: unknown) => {
        // Another operator was faster, or the answer to this rotation was lost: show the current secrets.
        if (isRotationRefusal(error)) props.onRefused();
        throw error;
      }),
    );
    if (shown !== null) props.onShown(shown);
  };
  const endsUsed = isEnding && (ending?.lastUsedAt ?? null) !== null;
  return (
    <SpaceBetween size="m">
      {failure !== null && <Failure failure={failure} />}
      <Box variant="p">{texts.rotateText}</Box>
      {isEnding && (
        <FormField label={texts.ending} description={texts.endingText}>
          <Select
            options={choices}
            placeholder={texts.choose}
            selectedOption={choices.find(({ value }) => value === String(ending?.generation)) ?? null}
            onChange={({ detail }) => choose(Number(detail.selectedOption.value))}
          />
        </FormField>
      )}
      <FormField label={isEnding ? texts.overlapOfOther : texts.overlap}>
        <Select
          options={OVERLAPS}
          selectedOption={OVERLAPS.find(({ value }) => value === overlap) ?? null}
          onChange={({ detail }) => setOverlap(detail.selectedOption.value as Overlap)}
        />
      </FormField>
      {overlap === '0' && <Alert type="warning">{texts.endNow}</Alert>}
      {overlap !== '0' && endsUsed && <Alert type="warning">{texts.endsUsed(ending?.fingerprint ?? '')}</Alert>}
      <Button loading={isBusy} disabled={isEnding && ending === undefined} onClick={() => void rotate()}>
        {texts.rotate}
      </Button>
    </SpaceBetween>
  );
};
