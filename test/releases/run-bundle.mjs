// Runs the bundle of one function as Lambda does, and keeps it warm: events arrive as messages, and so leave the answers.
const { handler } = await import(process.env.BUNDLE);

process.on('message', async ({ id, event }) => {
  try {
    process.send({ id, answer: await handler(event, { awsRequestId: String(id) }) });
  } catch (error) {
    process.send({ id, failure: String(error?.stack ?? error) });
  }
});
process.on('disconnect', () => process.exit(0));
process.send('ready');
