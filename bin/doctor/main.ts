import { regionalClients } from './clients.ts';
import { runDoctor } from './run-doctor.ts';

/** Runs `verified doctor` for this process: its arguments, credentials and terminal. Sets the exit code. */
export const main = async (): Promise<void> => {
  process.exitCode = await runDoctor(process.argv.slice(3), {
    clientsIn: regionalClients(),
    clockMs: Date.now,
    print: (text) => console.log(text),
    complain: (text) => console.error(text),
  });
};
