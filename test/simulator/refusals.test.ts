import { describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/simulator/front.ts'
import { call, LIST, start } from './call.ts'

const [GRANTS, CLIENTS, LOGS, SETTINGS] = [
  '/api/v2/client-grants',
  '/api/v2/clients',
  '/api/v2/logs',
  '/api/v2/tenants/settings',
]
const SCOPES = ['resource_servers', 'client_grants', 'clients', 'logs', 'tenant_settings'].map((name) => `read:${name}`)

const tenant = (): Promise<Simulator> => start({ apis: 1, scopes: SCOPES })

const query = (message: string) => ({
  statusCode: 400,
  error: 'Bad Request',
  message: `Query validation error: ${message}.`,
  errorCode: 'invalid_query_string',
})

describe('what no list takes is refused with the words of its schema', () => {
  it.each([LIST, GRANTS, CLIENTS, LOGS])('%s', async (list) => {
    const simulator = await tenant()
    const refused = async (parameters: string) => (await call(simulator, `${list}?${parameters}`)).json

    expect(await refused('per_page=0')).toEqual(query("'Value 0 is less than minimum 1' on property per_page"))
    expect(await refused('per_page=101')).toEqual(query("'Value 101 is greater than maximum 100' on property per_page"))
    expect(await refused('page=-1')).toEqual(query("'Value -1 is less than minimum 0' on property page"))
    expect(await refused('page=x')).toEqual(query("'Expected type integer but found type string' on property page"))
    expect(await refused('include_totals=maybe')).toEqual(
      query("'Expected type boolean but found type string' on property include_totals"),
    )
    expect(await refused('nobody=1&none=2')).toEqual(query("'Additional properties not allowed: nobody,none'"))
  })

  it.each([GRANTS, CLIENTS, LOGS])('%s from a checkpoint', async (list) => {
    const simulator = await tenant()
    const refused = async (parameters: string) => (await call(simulator, `${list}?${parameters}`)).json

    expect(await refused('take=0')).toEqual(query("'Value 0 is less than minimum 1' on property take"))
    expect(await refused('take=101')).toEqual(query("'Value 101 is greater than maximum 100' on property take"))
    expect(await refused('take=2&from=nowhere')).toMatchObject({ error: list === LOGS ? 'Not Found' : 'Bad Request' })
  })

  it.each([GRANTS, LOGS])('%s deeper than a thousand', async (list) => {
    expect((await call(await tenant(), `${list}?page=10&per_page=100`)).json).toMatchObject({
      message: expect.stringMatching(/^Requesting page 10 exceeds the allowed maximum of 1000 records\./),
      errorCode: 'invalid_paging',
    })
  })

  it.each([SETTINGS, `${LIST}/x`, `${GRANTS}/x`, `${CLIENTS}/x`])('%s, which takes no pages', async (path) => {
    expect((await call(await tenant(), `${path}?page=0`)).json).toEqual(
      query("'Additional properties not allowed: page'"),
    )
  })
})

describe('what is not there, or not for this token', () => {
  it.each([
    [LIST, 'The resource server does not exist', 'inexistent_resource_server'],
    [GRANTS, 'The client grant does not exist', 'inexistent_client_grant'],
    [CLIENTS, 'The client does not exist', 'inexistent_client'],
  ])('%s/x, also where a fault says so', async (list, message, errorCode) => {
    const simulator = await tenant()
    const gone = { statusCode: 404, error: 'Not Found', message, errorCode }
    expect((await call(simulator, `${list}/x`)).json).toEqual(gone)
    simulator.setFault({ kind: 'status', status: 404 })
    expect((await call(simulator, list)).json).toEqual(gone)
  })

  it.each([
    [LIST, 'read:resource_servers'],
    [GRANTS, 'read:client_grants'],
    [CLIENTS, 'read:clients,read:client_keys,read:client_credentials,read:client_summary'],
    [LOGS, 'read:logs'],
    [SETTINGS, 'read:tenant_settings'],
  ])('%s names its scopes, also where a fault says so', async (path, scopes) => {
    const simulator = await start({ scopes: ['create:resource_servers'] })
    const forbidden = {
      statusCode: 403,
      error: 'Forbidden',
      message: `Insufficient scope, expected any of: ${scopes}`,
      errorCode: 'insufficient_scope',
    }
    expect((await call(simulator, path)).json).toEqual(forbidden)
    simulator.setFault({ kind: 'status', status: 403 })
    expect((await call(simulator, path)).json).toEqual(forbidden)
  })

  it.each([
    ['PATCH', `${LIST}/x`, 'update:resource_servers'],
    ['DELETE', `${GRANTS}/x`, 'delete:client_grants'],
    ['POST', CLIENTS, 'create:clients'],
  ])('%s %s names the scope of the write, also where a fault says so', async (method, path, scope) => {
    const simulator = await tenant()
    const message = `Insufficient scope, expected any of: ${scope}`
    expect((await call(simulator, path, { method })).json).toMatchObject({ message })
    simulator.setFault({ kind: 'status', status: 403 })
    expect((await call(simulator, path, { method })).json).toMatchObject({ message })
  })
})
