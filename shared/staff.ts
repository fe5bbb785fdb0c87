import { z } from 'zod'

/** What a member of staff may do; one person may hold several. */
export const Role = z.enum(['administrator', 'supervisor', 'counselor', 'editor', 'campaigner'])
export type Role = z.infer<typeof Role>

/** Those who may sit at the desk: read a conversation that needs a human, and claim it. */
export const DESK_ROLES = ['counselor', 'supervisor'] as const satisfies readonly Role[]

/** What one signs in with. */
export const SignInName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{2,39}$/, '登录名是 3 到 40 个小写字母、数字、点、横线')

/** NIST SP 800-63B: length, not character classes. */
export const Password = z.string().min(12, '密码至少 12 个字').max(200, '密码最多 200 个字')

/** The name a young person sees, such as 小林老师: never the legal one. */
export const WorkName = z
  .string()
  .trim()
  .min(1, '称呼不能空着')
  .max(20, '称呼最多 20 个字')
  .regex(/^[^\p{Cc}\p{Cf}]*$/u, '称呼里有看不见的字')

export const Staff = z.object({
  id: z.string(),
  name: SignInName,
  workName: WorkName,
  roles: z.array(Role).min(1),
  active: z.boolean(),
  onDuty: z.boolean(),
  /** A one-time link is out and no password is set yet. */
  invited: z.boolean(),
  lastSeenAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
})
export type Staff = z.infer<typeof Staff>

/** Who asks, by the session; whether they are on duty is another question. */
export type SignedIn = Pick<Staff, 'id' | 'name' | 'workName' | 'roles'>
