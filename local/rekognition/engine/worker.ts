import { AwsError } from '../../aws-wire/aws-error.ts';
import { analyseImage } from './analyse-image.ts';
import { analyseVideo } from './analyse-video.ts';
import { type EngineJob, type EngineReply, type FaceFact, STOP, type VideoFacts } from './engine-jobs.ts';
import { loadModels } from './models.ts';

const models = await loadModels();

const work = (job: EngineJob): Promise<FaceFact[] | VideoFacts> =>
  job.kind === 'image'
    ? analyseImage(models, job.bytes, job.withEmbeddings)
    : analyseVideo(models, job.bytes, job.auditImages);

const reply = (message: EngineReply): void => void process.send?.(message);

const stop = (): never => process.exit(0);

process.on('disconnect', stop);
process.on('message', (job: EngineJob | typeof STOP) => {
  if (job === STOP) return stop();
  work(job).then(
    (value) => reply({ id: job.id, value }),
    (error: unknown) => {
      const known = error instanceof AwsError ? error : new AwsError('InternalServerError', 'Internal failure', 500);
      reply({ id: job.id, error: { code: known.code, message: known.message, status: known.status } });
    },
  );
});
// Ctrl-C reaches every process of the terminal; the parent decides when this one ends.
process.on('SIGINT', () => {});
reply({ id: 0, value: [] });
