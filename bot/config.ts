import { z } from 'zod'
import { AppError } from './errors.js'

const number = (low: number, high: number) => z.coerce.number().int().min(low).max(high)
const optional = z
  .string()
  .optional()
  .transform((value) => value || undefined)

/** Every setting, with the sentence that `.env.example` prints above it. The only reader of the environment. */
export const ConfigSchema = z.object({
  HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address to listen on; 0.0.0.0 behind a reverse proxy or in a container.'),
  PORT: number(0, 65535).default(3000).describe('Port to listen on.'),
  PUBLIC_URL: optional
    .pipe(z.url().optional())
    .describe('How the outside reaches this server, e.g. https://chat.example.org'),
  TRUST_PROXY: number(0, 5)
    .default(0)
    .describe('How many reverse proxies stand in front (0 = none): decides whose address the limits count.'),
  DATA_DIR: z
    .string()
    .min(1)
    .default('./data')
    .describe('Folder of the default database and of the trained models.'),
  MONGODB_URI: optional.describe(
    'MongoDB to use instead of the default database, e.g. mongodb://localhost:27017/qingan',
  ),
  DATA_KEY: optional
    .pipe(
      z
        .string()
        .regex(/^[0-9a-f]{64}$/i, '64 hexadecimal digits (openssl rand -hex 32)')
        .optional(),
    )
    .describe(
      'Key that encrypts messages and addresses: 64 hexadecimal digits. Without it one is made once, beside the data folder.',
    ),
  BACKUP_PASSPHRASE: optional.describe(
    'Passphrase of `qingan backup` and `qingan restore`, where no --passphrase-file is given: 12 characters or more.',
  ),
  REGION: z
    .string()
    .min(1)
    .default('内蒙古')
    .describe('Province this installation serves: decides which lines are shown.'),
  RETENTION_DAYS: number(1, 3650)
    .default(30)
    .describe('Days after its last message at which a conversation is erased.'),
  BURST_MS: number(0, 10000)
    .default(2000)
    .describe(
      'How long to wait for the next bubble of a burst, in milliseconds; danger and buttons never wait.',
    ),
  EXIT_URL: z
    .url()
    .default('https://www.baidu.com/')
    .describe('Where the quick-exit button of the chat leads.'),
  WECHAT_APP_ID: optional.describe(
    '公众号: AppID. Without this, the secret and the token the channel is off.',
  ),
  WECHAT_APP_SECRET: optional.describe('公众号: AppSecret.'),
  WECHAT_TOKEN: optional.describe('公众号: the token (令牌) of the server configuration.'),
  WECHAT_AES_KEY: optional
    .pipe(
      z
        .string()
        .regex(/^[A-Za-z0-9]{43}$/, '43 letters and digits')
        .optional(),
    )
    .describe('公众号: EncodingAESKey (消息加解密密钥), for the safe and the compatible mode.'),
  WECHAT_API_ROOT: z
    .url()
    .default('https://api.weixin.qq.com')
    .describe("公众号: root of the platform's interface."),
  WECHATY_PUPPET: optional.describe(
    'Another wechaty puppet for WeChat instead of the 公众号, e.g. wechaty-puppet-service.',
  ),
  WECHATY_TOKEN: optional.describe('The token of that puppet.'),
  TELEGRAM_BOT_TOKEN: optional.describe(
    'Telegram: token of the bot, from BotFather. The channel stays off until an administrator records the ruling on data abroad.',
  ),
  TELEGRAM_WEBHOOK_SECRET: optional
    .pipe(
      z
        .string()
        .regex(/^[A-Za-z0-9_-]{16,256}$/, '16 to 256 letters, digits, _ or -')
        .optional(),
    )
    .describe('Telegram: secret of the webhook at PUBLIC_URL; without PUBLIC_URL the bot polls.'),
  TELEGRAM_API_ROOT: z
    .url()
    .default('https://api.telegram.org')
    .describe("Telegram: root of the platform's interface, or of a proxy in front of it."),
  HTTPS_PROXY: optional
    .pipe(z.url({ protocol: /^https?$/ }).optional())
    .describe('HTTP proxy on the way to Telegram, e.g. http://10.0.0.2:3128; nothing else uses it.'),
  METRICS_TOKEN: optional.describe('Bearer token for /metrics; without it /metrics does not exist.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .default('info')
    .describe('How much to log.'),
  CLOCK_OFFSET_MS: number(-1e13, 1e13).default(0).describe('Moves the clock, for trials only: milliseconds.'),
})
export type Config = z.infer<typeof ConfigSchema>

/** Reads and checks the environment. Throws `config.invalid`, naming each wrong key but never its value. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(
    Object.keys(ConfigSchema.shape).flatMap((key) => (env[key] ? [[key, env[key]]] : [])),
  )
  const parsed = ConfigSchema.safeParse(given)
  if (parsed.success) return parsed.data
  const why = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
  throw new AppError('config.invalid', { why })
}

/** The text of `.env.example`: every key with its sentence and default. */
export function exampleEnv(): string {
  const lines = Object.entries(ConfigSchema.shape).map(([key, schema]) => {
    const fallback = ConfigSchema.shape[key as keyof Config].safeParse(undefined)
    const value = fallback.success && fallback.data !== undefined ? String(fallback.data) : ''
    return `# ${schema.description ?? ''}\n# ${key}=${value}`
  })
  return `# Copy to .env and take away the # before what you set. Everything has a working default.\n\n${lines.join('\n\n')}\n`
}
