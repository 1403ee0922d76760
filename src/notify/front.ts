/** The front of the room that tells channels what changed; other rooms import from here alone. */
export { affectedByFingerprint } from './affected-by-fingerprint.ts'
export { credentialNames, needsMemory, readChannels, type Channel } from './channel.ts'
export { readCredentialFile } from './credential-file.ts'
export { keepReportIssue } from './report-issue.ts'
export { soloOutbox, type SoloRun } from './solo-outbox.ts'
export { tellAll } from './tell-all.ts'
export { testAll } from './test-message.ts'
