import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { ReferencePhoto } from '../../../../contract/api/portal/users.ts';
import { USER_ROUTES } from '../../../../contract/api/routes/portal-users.ts';
import { useMutation } from '../../api/use-mutation.ts';
import { Failure } from '../../components/page-states.tsx';
import { Time } from '../../components/time.tsx';
import { users as usersTexts } from '../../text/en/users.ts';
import type { Target } from './user-state.tsx';

const texts = usersTexts.photo;

/** The reference face, loaded by a click, kept only on this page and discarded with it. */
export const Photo = ({ target, isEnrolled }: { target: Target; isEnrolled: boolean }) => {
  const [photo, setPhoto] = useState<ReferencePhoto | null>(null);
  const { mutate, isBusy, failure } = useMutation();
  const show = async (): Promise<void> =>
    setPhoto(await mutate((api) => api.call(USER_ROUTES.portalUserPhoto, { body: target })));
  return (
    <Container header={<Header variant="h2">{texts.title}</Header>}>
      <SpaceBetween size="s">
        <Box variant="p">{isEnrolled ? texts.text : texts.none}</Box>
        {failure !== null && <Failure failure={failure} />}
        {photo !== null && (
          <figure className="photo">
            <img src={`data:image/jpeg;base64,${photo.jpegBase64}`} alt={texts.alt} />
            <figcaption>
              <Time at={photo.enrolledAt} />
            </figcaption>
          </figure>
        )}
        {isEnrolled &&
          (photo === null ? (
            <Button loading={isBusy} onClick={() => void show()}>
              {texts.show}
            </Button>
          ) : (
            <Button onClick={() => setPhoto(null)}>{texts.hide}</Button>
          ))}
      </SpaceBetween>
    </Container>
  );
};
