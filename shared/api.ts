import { deskRoutes } from './api/desk.js'

/** Every route of the console's interface. */
export const ROUTES = { ...deskRoutes }
export type Routes = typeof ROUTES
