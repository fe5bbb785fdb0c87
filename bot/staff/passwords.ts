import { Algorithm, hash, verify } from '@node-rs/argon2'
import { randomBytes } from 'node:crypto'
import { AppError } from '../errors.js'

/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane. */
const OPTIONS = { algorithm: Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** Fewer different characters than this are a pattern, however long. */
const DIFFERENT_MIN = 5

/** NIST SP 800-63B 3.1.1.2: one form of the same characters, whatever keyboard they came from. */
const normal = (password: string) => password.normalize('NFKC')

export const hashPassword = (password: string): Promise<string> => hash(normal(password), OPTIONS)

let nobody: Promise<string> | undefined

/** Whether the password is the account's. Without an account the same work is done, for nothing. */
export async function isPassword(password: string, passwordHash: string | null): Promise<boolean> {
  nobody ??= hashPassword(randomBytes(16).toString('hex'))
  const right = await verify(passwordHash ?? (await nobody), normal(password))
  return right && passwordHash !== null
}

/** Throws `password.weak` for what is guessed first: the name in it, one pattern repeated, a run such as 123456789012. */
export function checkPassword(password: string, name: string): void {
  const points = [...normal(password).toLowerCase()].map((char) => char.codePointAt(0) as number)
  const steps = points.slice(1).map((point, i) => point - (points[i] as number))
  const runs = steps.filter((step) => Math.abs(step) <= 1).length
  const weak =
    new Set(points).size < DIFFERENT_MIN ||
    runs > steps.length * 0.6 ||
    normal(password).toLowerCase().includes(name)
  if (weak) throw new AppError('password.weak')
}
