import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { DeletionReceipt } from '../../../../contract/api/portal/users.ts';
import { save } from '../../components/save.ts';
import { Time } from '../../components/time.tsx';
import { users as usersWords } from '../../text/en/users.ts';

const words = usersWords.receipt;

/** What a deletion removed, as a record for whoever requested it. */
export const Receipt = ({ receipt }: { receipt: DeletionReceipt }) => {
  const download = (): void =>
    save(new Blob([`${JSON.stringify(receipt, null, 2)}\n`], { type: 'application/json' }), 'deletion-receipt.json');
  return (
    <Container
      header={
        <Header variant="h1" description={words.text} actions={<Button onClick={download}>{words.download}</Button>}>
          {words.title}
        </Header>
      }
    >
      <KeyValuePairs
        columns={2}
        items={[
          { label: usersWords.columns.externalId, value: receipt.externalId },
          { label: words.at, value: <Time at={receipt.deletedAt} /> },
          { label: words.face, value: words.faces[receipt.face] },
          { label: words.consent, value: receipt.consentRemoved ? words.removed : words.noneLeft },
          { label: words.record, value: receipt.recordRemoved ? words.removed : words.notRemoved },
          ...(receipt.disablementKept ? [{ label: words.kept, value: words.keptText }] : []),
        ]}
      />
    </Container>
  );
};
