import { contract } from './contract.js'
import { telegram } from './contract-telegram.js'
import { web } from './contract-web.js'
import { wechat } from './contract-wechat.js'
import { wechaty } from './contract-wechaty.js'

for (const driver of [web, wechat, wechaty, telegram]) contract(driver)
