import { CHECKS } from './checks/all-checks.ts';
import type { ClientsIn } from './clients.ts';
import { HELP, readCommandLine, UsageError } from './command-line.ts';
import { policyDocument } from './policy.ts';
import { readFacts } from './read-facts.ts';
import { type ExitCode, exitCodeOf, jsonReport, textReport } from './report.ts';

export interface DoctorPorts {
  readonly clientsIn: ClientsIn;
  readonly clockMs: () => number;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

/**
 * Runs `verified doctor`.
 * @param args the arguments after `doctor`
 * @returns the exit code of the process
 */
export const runDoctor = async (args: readonly string[], ports: DoctorPorts): Promise<ExitCode> => {
  try {
    const line = readCommandLine(args);
    if (line === null || line.policy) {
      ports.print(line === null ? HELP : JSON.stringify(policyDocument(line), null, 2));
      return 0;
    }
    const { json, stage, region } = line;
    const target = { stage, region };
    const facts = await readFacts(ports.clientsIn, target, ports.clockMs);
    const findings = CHECKS.map(({ judge }) => judge(facts));
    ports.print(json ? jsonReport(target, findings) : textReport(target, findings));
    return exitCodeOf(findings);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    ports.complain(`${error.message}\n${HELP}`);
    return 2;
  }
};
