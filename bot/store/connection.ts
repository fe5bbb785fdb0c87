import mongoose, { type Connection } from 'mongoose'
import { AppError } from '../errors.js'

/** Connects to MongoDB (or the embedded server, which speaks the same). Throws `store.unavailable`. */
export async function connect(uri: string): Promise<Connection> {
  const connection = mongoose.createConnection(uri, {
    serverSelectionTimeoutMS: 5_000,
    socketTimeoutMS: 30_000,
    maxPoolSize: 20,
    autoIndex: false,
    dbName: uri.includes('mongodb+srv') || /^mongodb:\/\/[^/]+\/[^?]+/.test(uri) ? undefined : 'qingan',
  })
  try {
    return await connection.asPromise()
  } catch (cause) {
    await connection.close(true)
    throw new AppError('store.unavailable', { why: 'the database does not answer' }, { cause })
  }
}
