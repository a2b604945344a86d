import { setFlagsFromString } from 'node:v8'

/**
 * Keeps V8's young generation small. Pages are megabytes that live for milliseconds: left alone, V8 answers with ever
 * larger semi-spaces, and resident memory creeps up by 150 MB during a long snapshot without gaining any speed
 * (bench/sync-memory.ts). Call it before anything is allocated.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--max-semi-space-size=8')
  setFlagsFromString('--semi-space-growth-factor=1')
}
