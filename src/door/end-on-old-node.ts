/** For what is started as a process (the command, the packs, the action): it ends with one sentence. Import it before anything else. */
import { oldNode } from './old-node.ts'

const mistake = oldNode(process.versions.node)
if (mistake !== null) {
  process.stderr.write(`error: ${mistake}\n`)
  process.exit(1)
}
