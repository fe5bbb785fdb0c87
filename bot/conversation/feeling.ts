/** Feelings a person names, and how they are given back. Never a method, never a wish to die. */
const FEELINGS: [RegExp, string][] = [
  [/害怕|好怕|怕死了|恐惧|吓/, '害怕'],
  [/绝望|没希望|看不到希望/, '看不到希望'],
  [/撑不(?:住|下去)|坚持不(?:住|下去)/, '快撑不住了'],
  [/孤独|孤单|没有?朋友|没人(?:陪|懂|理解)/, '很孤单'],
  [/委屈/, '很委屈'],
  [/(?:好|很|太|真)?累/, '很累'],
  [/生气|愤怒|恨/, '很生气'],
  [/痛苦|难受|难过|伤心|崩溃|抑郁/, '很难受'],
  [/羞|丢脸|丢人/, '很难为情'],
]

/** A sentence that gives back what the person said they feel, or nothing when they named no feeling. */
export function feelingIn(text: string): string {
  const found = FEELINGS.filter(([pattern]) => pattern.test(text)).slice(0, 2)
  return found.length ? `你说你${found.map(([, word]) => word).join('，')}，我听到了。` : ''
}
