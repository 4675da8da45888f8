import { join } from 'node:path';
import { z } from 'zod';
import { mergeVerdicts, type Oracle, type Verdict } from './oracle.ts';
import { templateIn, templates } from './templates.ts';
import { pythonTool } from './tools/python-tool.ts';
import { runProgram } from './tools/run-program.ts';

const Findings = z.array(
  z.object({
    Filename: z.string(),
    Message: z.string(),
    Rule: z.object({ Id: z.string() }),
    Location: z.object({ Path: z.array(z.union([z.string(), z.number()])).nullable() }),
  }),
);

/** AWS's linter knows the schema of every type of resource, by region. */
const lint = async (program: string, region: string, files: readonly string[]): Promise<readonly Verdict[]> => {
  // I: notes too. -e: experimental rules too.
  const args = ['--format', 'json', '--include-checks', 'I', '--include-experimental', '--regions', region];
  const { code, stdout, stderr } = await runProgram(program, [...args, '--', ...files]);
  if (stdout.trim() === '' && code !== 0) throw new Error(`cfn-lint ended with ${code}: ${stderr.slice(-2000)}`);
  const findings = stdout.trim() === '' ? [] : Findings.parse(JSON.parse(stdout));
  return Promise.all(
    findings.map(async ({ Filename, Message, Rule, Location }) => {
      const { where, placeOf } = await templateIn(Filename);
      const [section, id = ''] = (Location.Path ?? []).map(String);
      return {
        rule: Rule.Id,
        place: section === 'Resources' ? placeOf(id) : `${section ?? 'Template'}/${id}`,
        message: Message,
        where: [where],
      };
    }),
  );
};

export const CFN_LINT: Oracle = {
  name: 'cfn-lint',
  needs: ['python'],
  judge: async () => {
    const program = join(await pythonTool('cfn-lint'), 'cfn-lint');
    const all = await templates();
    const verdicts: Verdict[] = [];
    for (const region of new Set(all.map((template) => template.region))) {
      const files = all.filter((template) => template.region === region).map(({ file }) => file);
      verdicts.push(...(await lint(program, region, files)));
    }
    return mergeVerdicts(verdicts);
  },
};
