/** For what is started as a process (the command, the packs, the action): it ends with one sentence. Import it before anything else. */
import { oldNode } from './old-node.ts'

const tooOld = oldNode(process.versions.node)
if (tooOld !== null) {
  process.stderr.write(`error: ${tooOld}\n`)
  process.exit(1)
}
