import Foundation

/// Turns the tracks of an utterance into sound: pulses and breath through the tract, noise beside it, and the room.
enum SpeechRenderer {
  /// Amplitude that gives a neutral take of an average voice an RMS level of about -26 dB of full scale.
  private static let gain: Float = 0.11

  /// `sampleCount` samples at the synthesizer's rate, no louder than 0.95.
  static func render(
    _ utterance: Utterance, voice: Voice, style: SpeakingStyle, sampleCount: Int, _ random: inout SeededRandom
  ) -> [Float] {
    let rate = Float(SpeechSynthesizer.rate)
    let frameLength = Int(Utterance.frameSeconds * rate)
    let sexScale: Float = voice.isWoman ? 1.15 : 1
    let tilt = min(32, max(0.5, voice.tilt + style.tilt))
    var tract = VocalTract(rate: rate, tilt: tilt, scale: sexScale * voice.tract)
    var band = NoiseBand(rate: rate)
    var source = GlottalSource(
      period: rate / (utterance.frames.first?.pitch ?? 100), openQuotient: min(0.85, max(0.4, voice.openQuotient)),
      jitter: max(0, voice.jitter + style.jitter) / 100, shimmer: voice.shimmer)
    let effort = gain * pow(10, (voice.level + style.loudness) / 20)
    let roomLevel = pow(10, (voice.room + 2 * random.normal()) / 20)
    var rumble: Float = 0
    var before = Utterance.Frame()
    var wave: [Float] = []
    wave.reserveCapacity(sampleCount)
    for frame in utterance.frames {
      tract.shape(frame)
      band.shape(centre: frame.noiseCentre, bandwidth: frame.noiseBandwidth)
      let period = rate / frame.pitch
      for index in 0..<min(frameLength, sampleCount - wave.count) {
        let share = Float(index) / Float(frameLength)
        let voicing = before.voicing + (frame.voicing - before.voicing) * share
        let aspiration = before.aspiration + (frame.aspiration - before.aspiration) * share
        let noise = before.noise + (frame.noise - before.noise) * share
        let (flow, opening) = source.next(period: period, &random)
        let breath = random.normal()
        // Breath is strongest while the folds are open, as long as they move at all.
        let gate = 1 - voicing * (1 - opening) * 0.7
        let speech = tract.next(voicing * flow + aspiration * gate * breath) + band.next(noise * breath)
        let air = random.normal()
        rumble += 0.05 * (air - rumble)
        wave.append(effort * speech + roomLevel * (0.35 * air + 3 * rumble))
      }
      before = frame
    }
    let peak = wave.reduce(0) { max($0, abs($1)) }
    if peak > 0.95 {
      let scale = 0.95 / peak
      for index in wave.indices { wave[index] *= scale }
    }
    return wave
  }
}
