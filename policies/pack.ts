import '../src/door/end-on-old-node.ts'
import { PolicyPack } from '@pulumi/policy'
import { driftPolicies } from './drift-policies.ts'
import { refuseMistakenConfig } from './refuse-config.ts'

const policies = driftPolicies()
refuseMistakenConfig(policies)

/** Starts to serve at once, as Pulumi wants it: the engine runs this file and reads the port from its output. */
new PolicyPack('tenant-drift', {
  description: 'Stops a preview if the Auth0 tenant is no longer what the code declares.',
  displayName: 'tenant-drift',
  enforcementLevel: 'mandatory',
  policies: [...policies],
})
