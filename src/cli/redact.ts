type Environment = Readonly<Record<string, string | undefined>>

/** Shorter than any credential; the text of a message must not fall apart because somebody's variable is "1". */
const SHORTEST = 8
const SOUNDS_SECRET = /TOKEN|SECRET|PASSW|PRIVATE_KEY|API_?KEY|TENANT_DRIFT_VAR_/i

/** The last line of defence at the door: whatever made this text, no value of a variable that sounds like a credential is in it. */
export function withoutSecrets(text: string, env: Environment): string {
  let safe = text
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value.length < SHORTEST || !SOUNDS_SECRET.test(name)) continue
    safe = safe.replaceAll(value, '(hidden)')
  }
  return safe
}
