/** Names of the file that makes a folder a project of Pulumi. */
export const PROJECT_FILES = ['Pulumi.yaml', 'Pulumi.yml', 'Pulumi.json'] as const
