import { join } from 'node:path';
import { z } from 'zod';
import { mergeVerdicts, type Oracle } from './oracle.ts';
import { TEMPLATES_FOLDER, templateIn, templates } from './templates.ts';
import { pythonTool } from './tools/python-tool.ts';
import { runProgram } from './tools/run-program.ts';

const Report = z.object({
  results: z.object({
    failed_checks: z.array(
      z.object({ check_id: z.string(), check_name: z.string(), resource: z.string(), file_path: z.string() }),
    ),
    parsing_errors: z.array(z.string()).default([]),
  }),
  summary: z.object({ resource_count: z.number() }),
});

export const CHECKOV: Oracle = {
  name: 'checkov',
  needs: ['python'],
  judge: async () => {
    const program = join(await pythonTool('checkov'), 'checkov');
    await templates();
    const args = ['--framework', 'cloudformation', '--directory', TEMPLATES_FOLDER, '--output', 'json', '--quiet'];
    const { code, stdout, stderr } = await runProgram(program, [...args, '--compact', '--skip-download']);
    if (code !== 0 && code !== 1) throw new Error(`checkov ended with ${code}: ${stderr.slice(-2000)}`);
    const { results, summary } = Report.parse(JSON.parse(stdout));
    if (results.parsing_errors.length > 0) throw new Error(`checkov cannot read ${results.parsing_errors.join(', ')}`);
    if (summary.resource_count === 0) throw new Error('checkov saw no resource');
    return mergeVerdicts(
      await Promise.all(
        results.failed_checks.map(async ({ check_id, check_name, resource, file_path }) => {
          const { where, placeOf } = await templateIn(file_path);
          const place = placeOf(resource.slice(resource.indexOf('.') + 1));
          return { rule: check_id, place, message: check_name, where: [where] };
        }),
      ),
    );
  },
};
