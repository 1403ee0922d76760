import path from 'node:path'
import { ROOT } from '../../tools/run.mjs'

/** What is attacked: this repository as it was built, or the folder of another build (`dist`, `action.yml`, `templates`) to see what got through there. */
export const PRODUCT = process.env['TENANT_DRIFT_GATE_PRODUCT'] ?? ROOT

export const COMMAND = path.join(PRODUCT, 'dist', 'bin', 'tenant-drift.js')
export const TEMPLATE = path.join(PRODUCT, 'templates', 'gitlab-ci.yml')
