// A stand-in for the binary of @pulumi/auth0, which is not on npm: the resources that have to do with APIs, by the engine's own protocol. The
// engine starts it, and reads the port from its output.
import { createRequire } from 'node:module'
import { isDeepStrictEqual } from 'node:util'
import services from '@pulumi/pulumi/proto/provider_grpc_pb.js'
import messages from '@pulumi/pulumi/proto/provider_pb.js'
import plugins from '@pulumi/pulumi/proto/plugin_pb.js'
import { isJsonObject, type Json, type JsonObject } from '../../../src/schema/json.ts'
import { hash, inputsAsRead, KINDS, type Kind } from './kinds.ts'
import { tenantCalls } from './tenant-calls.ts'

const VERSION = '3.49.0'
/** Stands in messages for a text that is not known yet (pkg/resource/plugin/rpc.go of Pulumi). */
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9'
/** The bridge marks in every object which of its members it filled in. */
const DEFAULTS = '__defaults'

// Both are Pulumi's, and must be the very ones that its messages are made with.
const ofPulumi = createRequire(createRequire(import.meta.url).resolve('@pulumi/pulumi/package.json'))
const { Server, ServerCredentials, status } = ofPulumi('@grpc/grpc-js') as {
  Server: new (options: object) => GrpcServer
  ServerCredentials: { createInsecure(): object }
  status: { UNKNOWN: number }
}
interface GrpcServer {
  addService(service: object, methods: object): void
  bindAsync(address: string, credentials: object, done: (error: Error | null, port: number) => void): void
}
interface Struct {
  toJavaScript(): Record<string, unknown>
}
const { Struct: structs } = ofPulumi('google-protobuf/google/protobuf/struct_pb.js') as {
  Struct: { fromJavaScript(value: JsonObject): Struct }
}
const { Empty } = ofPulumi('google-protobuf/google/protobuf/empty_pb.js') as { Empty: new () => object }

const { STAND_IN_TENANT, STAND_IN_TOKEN } = process.env
const tenant =
  STAND_IN_TENANT === undefined || STAND_IN_TOKEN === undefined ? null : tenantCalls(STAND_IN_TENANT, STAND_IN_TOKEN)

const read = (struct: Struct | undefined): JsonObject => (struct?.toJavaScript() ?? {}) as JsonObject
const write = (value: JsonObject): never => structs.fromJavaScript(value) as never

function kindOf(urn: string): Kind {
  // urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME
  const type = urn.split('::')[2]?.split('$').at(-1) ?? ''
  const kind = KINDS[type]
  if (kind === undefined) throw new Error(`the stand-in for @pulumi/auth0 has no ${type}`)
  return kind
}

type Call<Request> = (call: { request: Request }, answer: (error: unknown, response?: unknown) => void) => void

/** What fails is answered in words: the engine prints them with the resource. */
function answering<Request>(make: (request: Request) => object | Promise<object>): Call<Request> {
  return ({ request }, answer) => {
    Promise.resolve(request)
      .then(make)
      .then(
        (response) => answer(null, response),
        (error: unknown) =>
          answer({ code: status.UNKNOWN, message: error instanceof Error ? error.message : 'failed' }),
      )
  }
}

const methods = {
  getPluginInfo: answering(() => new plugins.PluginInfo().setVersion(VERSION)),
  handshake: answering(() => new messages.ProviderHandshakeResponse()),
  checkConfig: answering((request: InstanceType<typeof messages.CheckRequest>) => {
    return new messages.CheckResponse().setInputs(write(read(request.getNews())))
  }),
  diffConfig: answering(() => new messages.DiffResponse().setChanges(messages.DiffResponse.DiffChanges.DIFF_NONE)),
  configure: answering(() => new messages.ConfigureResponse().setSupportspreview(true)),
  check: answering((request: InstanceType<typeof messages.CheckRequest>) => {
    const news = read(request.getNews())
    const before = read(request.getOlds())
    const seed = hash(request.getRandomseed_asB64() + request.getUrn())
    const name = request.getUrn().split('::').at(-1) ?? ''
    const filled = kindOf(request.getUrn()).defaults(news, before, name, seed)
    const marked = withMarks(news) as JsonObject
    const inputs = { ...marked, ...filled, [DEFAULTS]: Object.keys(filled) }
    return new messages.CheckResponse().setInputs(write(inputs))
  }),
  diff: answering((request: InstanceType<typeof messages.DiffRequest>) => {
    const [olds, news] = [read(request.getOldInputs()), read(request.getNews())]
    const { replaces } = kindOf(request.getUrn())
    const changed = Object.keys(news).filter(
      (key) => key !== DEFAULTS && !isDeepStrictEqual(withoutMarks(news[key]), withoutMarks(olds[key])),
    )
    const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges
    const { UPDATE, UPDATE_REPLACE } = messages.PropertyDiff.Kind
    const response = new messages.DiffResponse()
      .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
      .setDiffsList(changed)
      .setReplacesList(changed.filter((key) => replaces.includes(key)))
      .setHasdetaileddiff(true)
    for (const key of changed) {
      const kind = replaces.includes(key) ? UPDATE_REPLACE : UPDATE
      response.getDetaileddiffMap().set(key, new messages.PropertyDiff().setKind(kind).setInputdiff(true))
    }
    return response
  }),
  create: answering(async (request: InstanceType<typeof messages.CreateRequest>) => {
    const kind = kindOf(request.getUrn())
    const inputs = withoutMarks(read(request.getProperties())) as JsonObject
    const response = new messages.CreateResponse()
    if (request.getPreview()) return response.setProperties(write(foreseen(kind, inputs)))
    const { id, outputs } = await kind.create(tenant, inputs)
    return response.setId(id).setProperties(write(outputs))
  }),
  read: answering(async (request: InstanceType<typeof messages.ReadRequest>) => {
    const inputs = read(request.getInputs())
    const state = read(request.getProperties())
    const outputs = tenant === null ? state : await kindOf(request.getUrn()).read(tenant, request.getId(), inputs)
    if (outputs === null) return new messages.ReadResponse().setId('')
    const { [DEFAULTS]: marks, ...given } = inputs
    const kept = { ...(withMarks(inputsAsRead(given, outputs)) as JsonObject), [DEFAULTS]: marks ?? [] }
    return new messages.ReadResponse().setId(request.getId()).setProperties(write(outputs)).setInputs(write(kept))
  }),
  update: answering(async (request: InstanceType<typeof messages.UpdateRequest>) => {
    const kind = kindOf(request.getUrn())
    const inputs = withoutMarks(read(request.getNews())) as JsonObject
    const outputs = request.getPreview()
      ? { ...read(request.getOlds()), ...inputs }
      : await kind.update(tenant, request.getId(), inputs)
    return new messages.UpdateResponse().setProperties(write(outputs))
  }),
  delete: answering(async (request: InstanceType<typeof messages.DeleteRequest>) => {
    await kindOf(request.getUrn()).remove(tenant, request.getId())
    return new Empty()
  }),
  cancel: answering(() => new Empty()),
}

/** What a preview shows of something that is not made yet. */
function foreseen({ computed }: Kind, inputs: JsonObject): JsonObject {
  return { ...Object.fromEntries(computed.map((key) => [key, UNKNOWN])), ...inputs }
}

function withMarks(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(withMarkedMembers)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withMarkedMembers(member)]))
}

function withMarkedMembers(value: Json): Json {
  const marked = withMarks(value)
  return isJsonObject(marked) ? { ...marked, [DEFAULTS]: [] } : marked
}

function withoutMarks(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => withoutMarks(item) ?? null)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([key]) => key !== DEFAULTS)
  return Object.fromEntries(members.map(([key, member]) => [key, withoutMarks(member) ?? null]))
}

const server = new Server({ 'grpc.max_receive_message_length': 400 * 1024 * 1024 })
server.addService(services.ResourceProviderService, methods)
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error
  console.log(String(port))
})
