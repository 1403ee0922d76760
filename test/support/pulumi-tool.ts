import { requirePulumi } from '../../tools/pulumi-cli.mjs'

/** `pulumi` for a folder of PATH: the real one, which in a test asks nobody for updates, fetches no plugin and compiles the SDK once for all. */
export function pulumiTool(): string {
  const { command, folder } = requirePulumi()
  return `#!/bin/sh
export PULUMI_SKIP_UPDATE_CHECK=true PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true PATH="$PATH:${folder}"
export NODE_COMPILE_CACHE='${process.env['NODE_COMPILE_CACHE'] ?? ''}'
exec "${command}" "$@"
`
}
