/** For what is loaded into somebody else's process (the library, the provider): whoever imports it is told. Import it before anything else. */
import { oldNode } from './old-node.ts'

const tooOldHere = oldNode(process.versions.node)
if (tooOldHere !== null) throw new Error(tooOldHere)
