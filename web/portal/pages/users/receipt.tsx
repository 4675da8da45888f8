import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { DeletionReceipt } from '../../../../contract/api/portal/users.ts';
import { save } from '../../components/save.ts';
import { Time } from '../../components/time.tsx';
import { users as usersTexts } from '../../text/en/users.ts';

const texts = usersTexts.receipt;

/** What a deletion removed, as a record for whoever requested it. */
export const Receipt = ({ receipt }: { receipt: DeletionReceipt }) => {
  const download = (): void =>
    save(new Blob([`${JSON.stringify(receipt, null, 2)}\n`], { type: 'application/json' }), 'deletion-receipt.json');
  return (
    <Container
      header={
        <Header variant="h1" description={texts.text} actions={<Button onClick={download}>{texts.download}</Button>}>
          {texts.title}
        </Header>
      }
    >
      <KeyValuePairs
        columns={2}
        items={[
          { label: usersTexts.columns.externalId, value: receipt.externalId },
          { label: texts.at, value: <Time at={receipt.deletedAt} /> },
          { label: texts.face, value: texts.faces[receipt.face] },
          { label: texts.consent, value: receipt.consentRemoved ? texts.removed : texts.noneLeft },
          { label: texts.record, value: receipt.recordRemoved ? texts.removed : texts.notRemoved },
          ...(receipt.disablementKept ? [{ label: texts.kept, value: texts.keptText }] : []),
        ]}
      />
    </Container>
  );
};
