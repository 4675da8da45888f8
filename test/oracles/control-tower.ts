import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { mergeVerdicts, type Oracle, type Verdict } from './oracle.ts';
import { TEMPLATES_FOLDER, templateIn, templates } from './templates.ts';
import { npmTool } from './tools/npm-tool.ts';
import { runProgram } from './tools/run-program.ts';

/** AWS's wrapper of cfn-guard for CDK; it holds the program and the rules of Control Tower's proactive controls. */
const PACKAGE = {
  name: '@cdklabs/cdk-validator-cfnguard',
  version: '0.0.62',
  integrity: 'sha512-Sg2k8067B0AIJ82QFSLhHTUIqxOYTKABvVrTHiyc6j0rE2NHli2diIYqf+w+DkuDKCYYgMIOga3OrYMOHUw0mQ==',
};

const Reports = z.array(
  z.object({
    name: z.string(),
    not_compliant: z.array(z.object({ Rule: z.looseObject({ name: z.string() }) })),
  }),
);

const verdictsOf = async (file: string, rule: { readonly name: string }): Promise<readonly Verdict[]> => {
  const { where, placeOf } = await templateIn(file);
  const text = JSON.stringify(rule);
  const [control] = text.match(/CT\.[A-Z0-9]+\.PR\.\d+/) ?? [rule.name];
  // The report nests its checks by clauses of the rule; each names the paths of what it looked at.
  const ids = new Set([...text.matchAll(/"\/Resources\/(\w+)/g)].map(([, id = '']) => id));
  return [...ids].map((id) => ({ rule: control, place: placeOf(id), message: rule.name, where: [where] }));
};

export const CONTROL_TOWER: Oracle = {
  name: 'control-tower',
  needs: ['x86-64'],
  judge: async () => {
    const folder = await npmTool(PACKAGE);
    const system = process.platform === 'darwin' ? 'macos' : 'ubuntu';
    const program = join(folder, 'bin', system, 'x86_64/cfn-guard');
    const rules = join(folder, 'rules/control-tower/cfn-guard');
    await templates();
    const args = ['validate', '--data', TEMPLATES_FOLDER, '--rules', rules];
    const format = ['--structured', '--output-format', 'json', '--show-summary', 'none'];
    const { code, stdout, stderr } = await runProgram(program, [...args, ...format]);
    if (stdout.trim() === '') throw new Error(`cfn-guard ended with ${code}: ${stderr.slice(-2000)}`);
    const reports = Reports.parse(JSON.parse(stdout));
    if (reports.length !== (await readdir(TEMPLATES_FOLDER)).length) throw new Error('cfn-guard left templates out');
    const verdicts = reports.flatMap(({ name, not_compliant }) =>
      not_compliant.map(({ Rule }) => verdictsOf(name, Rule)),
    );
    return mergeVerdicts((await Promise.all(verdicts)).flat());
  },
};
