/** The second front of the room: one resource of the Auth0 provider, for programs that hold it. It brings none of the readers. */
export { assemble } from './provider-assemble.ts'
export { fromProvider, scopesFromProvider } from './provider-resource.ts'
