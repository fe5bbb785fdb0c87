declare module 'node-nlp' {
  export interface NlpEntity {
    entity: string
    option?: string
    sourceText: string
    resolution?: Record<string, unknown>
  }
  export interface NlpResult {
    intent: string
    score: number
    entities: NlpEntity[]
  }
  export class NlpManager {
    constructor(settings: Record<string, unknown>)
    container: { register(name: string, plugin: unknown, isSingleton: boolean): void }
    addDocument(locale: string, utterance: string, intent: string): void
    addRegexEntity(name: string, locale: string | string[], regex: RegExp): void
    addNamedEntityText(name: string, option: string, locales: string[], texts: string[]): void
    train(): Promise<void>
    process(locale: string, utterance: string): Promise<NlpResult>
  }
}
