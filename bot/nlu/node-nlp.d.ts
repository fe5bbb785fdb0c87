declare module 'node-nlp' {
  export interface NlpEntity {
    entity: string
    sourceText: string
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
    train(): Promise<void>
    export(): string
    process(locale: string, utterance: string): Promise<NlpResult>
  }
}
