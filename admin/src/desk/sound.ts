import type { Alarm } from './alerts.js'

/** Tones by frequency in hertz: the loud one climbs and comes twice, so that it differs from every office sound. */
const TONES: Record<NonNullable<Alarm>, number[]> = {
  loud: [660, 880, 1100, 0, 660, 880, 1100],
  soft: [520, 660],
}
const STEP_SECONDS = 0.18
const VOLUME = { loud: 0.5, soft: 0.2 }

let context: AudioContext | undefined
const listeners = new Set<() => void>()

/** Whether a tone would be heard: browsers keep a page silent until somebody has clicked in it. */
export const soundIsOn = (): boolean => context?.state === 'running'

export function onSoundChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** To be called from a click or a key. Does nothing when sound is on already. */
export async function enableSound(): Promise<void> {
  context ??= new AudioContext()
  context.onstatechange = () => listeners.forEach((each) => each())
  if (context.state !== 'running') await context.resume()
}

/** Plays an alarm if the browser lets it be heard. */
export function play(alarm: NonNullable<Alarm>): void {
  if (!context || context.state !== 'running') return
  const start = context.currentTime + 0.02
  for (const [step, frequency] of TONES[alarm].entries()) {
    if (frequency === 0) continue
    const tone = context.createOscillator()
    const gain = context.createGain()
    const at = start + step * STEP_SECONDS
    tone.frequency.value = frequency
    // A soft edge: a square one clicks.
    gain.gain.setValueAtTime(0, at)
    gain.gain.linearRampToValueAtTime(VOLUME[alarm], at + 0.02)
    gain.gain.linearRampToValueAtTime(0, at + STEP_SECONDS)
    tone.connect(gain).connect(context.destination)
    tone.start(at)
    tone.stop(at + STEP_SECONDS)
  }
}
