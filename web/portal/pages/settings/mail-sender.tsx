import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import { settings as texts } from '../../text/en/settings.ts';

/** Sender address of e-mail. The deployment sets it, so it is only shown here. */
export const MailSender = ({ sender }: { sender: string | null }) => {
  const { mail } = texts;
  return (
    <Container
      header={
        <Header variant="h2" description={mail.description}>
          {mail.title}
        </Header>
      }
    >
      {sender === null ? (
        <Alert type="warning" header={mail.noneTitle}>
          {mail.none}
        </Alert>
      ) : (
        <>
          <Box variant="awsui-key-label">{mail.from}</Box>
          <div className="wording">{sender}</div>
          <Box variant="p" color="text-body-secondary">
            {mail.check}
          </Box>
        </>
      )}
    </Container>
  );
};
